// Groups of the test's own on this kernel: whose limit is in force, who is throttled, counters that move, every file read, and nothing written by the reader.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { membershipsAt, readGroupFiles, readWholeGroup } from '../../src/host/groups.ts';
import { liveHost, takeSnapshot } from '../../src/host/host.ts';
import { rowOfFile } from '../../src/kernel/cgroup/files.ts';
import { throttledGroups } from '../../src/model/limits.ts';
import type { ControllerState, Snapshot } from '../../src/model/types.ts';
import { CGROUP_PREFIX, removeTestCgroups } from '../support/cgroups.ts';
import { maybe, need } from '../support/need.ts';
import { endAll, runToEnd, type Started, statOf, until, withProcess } from '../support/process.ts';

const test = suite('live/cgroups');
const MIB = 1024n * 1024n;
const CONTROLLERS = ['memory', 'cpu', 'pids'] as const;

interface Scheme {
  readonly version: 1 | 2;
  /** Limits of the parent, and of the group itself: file and text. */
  readonly parent: Readonly<Record<string, string>>;
  readonly own: Readonly<Record<string, string>>;
}

const V1: Scheme = {
  version: 1,
  parent: { 'memory.limit_in_bytes': String(48n * MIB), 'cpu.cfs_quota_us': '5000' },
  own: { 'memory.limit_in_bytes': String(64n * MIB), 'pids.max': '9' },
};
const V2: Scheme = {
  version: 2,
  parent: { 'memory.max': String(48n * MIB), 'cpu.max': '5000 100000' },
  own: { 'memory.max': String(64n * MIB), 'pids.max': '9' },
};

interface Made {
  readonly top: string;
  readonly path: string;
  /** Moves one process of the test's into the group, in every hierarchy. */
  join(pid: number): void;
  /** SIGKILL to each process that is in the group: descendants of those that were moved there, orphaned ones too. */
  end(): Promise<void>;
}

function write(file: string, text: string): void {
  writeFileSync(file, text, { flag: 'r+' });
}

/** `/nscope-test-…/inner` with limits on both levels; on v1 in the hierarchy of each controller. v1 wants the lower group's limit first. */
function makeGroups(snapshot: Snapshot, scheme: Scheme): Made {
  const top = `/${CGROUP_PREFIX}${process.env['NSCOPE_TEST_MARK'] ?? ''}${randomBytes(4).toString('hex')}`;
  // v1 counts CPU time in a hierarchy that need not be cpu's.
  const wanted = scheme.version === 1 ? [...CONTROLLERS, 'cpuacct'] : CONTROLLERS;
  const mounts = [
    ...new Set(
      wanted.map((name) => {
        const found = snapshot.hierarchies.find(
          ({ version, controllers }) => version === scheme.version && controllers.includes(name),
        );
        if (!found) throw new Error(`no v${scheme.version} ${name}`);
        return found.mountPoint;
      }),
    ),
  ];
  for (const mount of mounts) {
    mkdirSync(`${mount}${top}`);
    if (scheme.version === 2)
      write(`${mount}${top}/cgroup.subtree_control`, CONTROLLERS.map((name) => `+${name}`).join(' '));
    mkdirSync(`${mount}${top}/inner`);
    for (const [dir, limits] of [
      [`${mount}${top}`, scheme.parent],
      [`${mount}${top}/inner`, scheme.own],
    ] as const) {
      const files = new Set(readdirSync(dir));
      for (const [file, text] of Object.entries(limits)) if (files.has(file)) write(`${dir}/${file}`, text);
    }
  }
  const path = `${top}/inner`;
  return {
    top,
    path,
    join: (pid) => {
      for (const mount of mounts) write(`${mount}${path}/cgroup.procs`, String(pid));
    },
    end: async () => {
      const members = mounts.flatMap((mount) =>
        readFileSync(`${mount}${path}/cgroup.procs`, 'utf8').split('\n').filter(Boolean),
      );
      await endAll([...new Set(members)].flatMap((pid) => statOf(Number(pid)) ?? []));
    },
  };
}

async function withGroups(
  scheme: Scheme,
  command: readonly string[],
  fn: (made: Made, started: Started) => Promise<void>,
): Promise<void> {
  const made = makeGroups(await takeSnapshot(liveHost()), scheme);
  try {
    await withProcess(command, async (started) => {
      made.join(started.pid);
      await fn(made, started);
    });
  } finally {
    await made.end();
    await removeTestCgroups(made.top.slice(1));
  }
}

async function stateOf(pid: number): Promise<ReadonlyMap<string, ControllerState>> {
  const host = liveHost();
  const process = (await takeSnapshot(host)).processes.find((one) => one.pid === pid);
  assert.ok(process, `process ${pid}`);
  const { groups } = await takeSnapshot(host, { watch: [process] });
  return new Map((groups[0]?.controllers ?? []).map((controller) => [controller.name, controller]));
}

// One form of each test a host: where memory is in a v1 hierarchy there is no v2 memory to make groups in, and the other way round.
const hasV1 = need({ root: true, cgroupV1: true }) === null;
const FORMS = hasV1 ? ([[V1, null]] as const) : ([[V2, need({ root: true, cgroupV2: true })]] as const);
for (const [scheme, reason] of FORMS) {
  const live = maybe(test, reason);
  const v = `v${scheme.version}`;

  live(
    `${v}: the limit of the parent is in force above the group’s own, the group’s own where the parent has none`,
    async () => {
      await withGroups(scheme, ['sleep', '300'], async ({ top, path }, { pid }) => {
        const state = await stateOf(pid);
        const memory = state.get('memory');
        assert.is(memory?.version, scheme.version);
        assert.is(memory?.path, path);
        assert.equal(memory?.limits['limit'], { ok: true, value: 64n * MIB });
        assert.equal(memory?.effective['limit'], { value: 48n * MIB, setBy: top });
        assert.equal(state.get('pids')?.effective['limit'], { value: 9n, setBy: path });
        assert.equal(state.get('pids')?.usage['usage'], { ok: true, value: 1n });
        assert.equal(state.get('cpu')?.effective['quota'], { value: 5000n, setBy: top, per: 100000n });
        assert.equal(state.get('cpu')?.limits['quota'], { ok: true, value: 'max' });
      });
    },
  );

  live(
    `${v}: a busy loop is throttled by the parent’s quota, which its own counters do not tell; CPU time grows`,
    async () => {
      await withGroups(scheme, ['sh', '-c', 'while :; do :; done'], async ({ top, path }, { pid }) => {
        const before = (await stateOf(pid)).get('cpu')?.usage['cpuTime'];
        assert.ok(before?.ok);
        // Two looks can fall into one pause.
        const cpu = await until('the parent to be throttled, and CPU time to grow', async () => {
          const now = (await stateOf(pid)).get('cpu');
          const at = now ? throttledGroups(now).map((group) => group.path) : [];
          const spent = now?.usage['cpuTime'];
          return at.includes(top) && spent?.ok && spent.value > before.value ? now : null;
        });
        assert.equal(
          throttledGroups(cpu).map((group) => group.path),
          [top],
        );
        const [parent] = throttledGroups(cpu);
        assert.ok(parent?.throttledTime.ok && parent.throttledTime.value > 0n);
        assert.is(cpu.path, path);
        assert.equal(cpu.events['nrThrottled'], { ok: true, value: 0n });
      });
    },
  );

  live(`${v}: fork(2) at the pids limit counts an event`, async () => {
    // The shell gives up at the first fork that fails: what it has started stays in the group.
    const many = 'sleep 0.3; for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 30 & done 2>/dev/null';
    await withGroups(scheme, ['sh', '-c', many], async ({ path }) => {
      const host = liveHost();
      const { hierarchies } = await takeSnapshot(host);
      const memberships = membershipsAt(host.fs, hierarchies, path);
      const pids = await until('an event at the limit', () => {
        const whole = readWholeGroup(host.fs, hierarchies, memberships);
        const now = whole.find(({ name }) => name === 'pids');
        return now?.events['maxEvents']?.ok && now.events['maxEvents'].value > 0n ? now : null;
      });
      assert.equal(pids.limits['limit'], { ok: true, value: 9n });
    });
  });

  live(
    `${v}: by its path the same group, without a process; every file of it, and reading changes none`,
    async () => {
      await withGroups(scheme, ['sleep', '300'], async ({ path }) => {
        const host = liveHost();
        const { hierarchies } = await takeSnapshot(host);
        const memberships = membershipsAt(host.fs, hierarchies, path);
        assert.equal(membershipsAt(host.fs, hierarchies, `${path}/none`), []);
        const whole = readWholeGroup(host.fs, hierarchies, memberships);
        const memory = whole.find(({ name }) => name === 'memory');
        assert.equal(memory?.limits['limit'], { ok: true, value: 64n * MIB });
        const directories = readGroupFiles(host.fs, hierarchies, memberships);
        assert.ok(directories.length > 0);
        for (const { directory, files } of directories) {
          assert.ok(directory.ok);
          const there = readdirSync(directory.value, { withFileTypes: true }).filter((one) => one.isFile());
          assert.equal(
            files.map(({ name }) => name),
            there.map(({ name }) => name).sort(),
          );
          for (const { name, path: file, row, text } of files) {
            if (row?.kind === 'act') assert.is(text, null, name);
            else if (row?.kind === 'limit' && text?.ok)
              assert.is(text.value, readFileSync(file, 'utf8'), name);
          }
        }
      });
    },
  );
}

/** Of a v2 tree, on a hybrid host without controllers. */
const unified = ['/sys/fs/cgroup/unified', '/sys/fs/cgroup'].find((point) =>
  existsSync(`${point}/cgroup.controllers`),
);

maybe(test, need({ root: true, files: [`${unified ?? '/sys/fs/cgroup'}/cgroup.controllers`] }))(
  'a threaded group: cgroup.procs answers EOPNOTSUPP, which is told, and cgroup.threads the thread',
  async () => {
    const host = liveHost();
    const { hierarchies } = await takeSnapshot(host);
    const tree = hierarchies.filter(({ version }) => version === 2);
    const top = `/${CGROUP_PREFIX}${process.env['NSCOPE_TEST_MARK'] ?? ''}${randomBytes(4).toString('hex')}`;
    const point = tree[0]?.mountPoint ?? '';
    mkdirSync(`${point}${top}/inner`, { recursive: true });
    try {
      write(`${point}${top}/inner/cgroup.type`, 'threaded');
      await withProcess(['sleep', '300'], async ({ pid }) => {
        write(`${point}${top}/cgroup.procs`, String(pid));
        write(`${point}${top}/inner/cgroup.threads`, String(pid));
        const memberships = membershipsAt(host.fs, tree, `${top}/inner`);
        const [group] = readGroupFiles(host.fs, tree, memberships);
        const text = (name: string) => group?.files.find((one) => one.name === name)?.text;
        const path = `${point}${top}/inner/cgroup.procs`;
        assert.equal(text('cgroup.procs'), { ok: false, why: 'unsupported', path });
        assert.equal(text('cgroup.threads'), { ok: true, value: `${pid}\n` });
      });
    } finally {
      await removeTestCgroups(top.slice(1));
    }
  },
);

/** Files that are in no kernel document and no source of Linus' tree. */
const NOT_MAINLINE: Readonly<Record<string, string>> = {
  'memory.shown_ram_in_bytes':
    'a patch of some virtual machines’ kernels: the memory that /proc/meminfo shows inside',
};
/** Who has uid 0 can open a file whose mode says nobody; the modes are what the kernel means. */
const READ_BITS = 0o444;
/** Its mode lets one read, and it says nothing: it is named to cgroup.event_control alone (cgroup-v1/memory.rst, "Memory Pressure"). */
const READ_IN_VAIN = ['memory.pressure_level'];

maybe(test, need({ root: true }))(
  'every control file of this kernel, of a root and of a group below, is in the table; what cannot be read is not opened',
  async () => {
    const { hierarchies } = await takeSnapshot(liveHost());
    assert.ok(hierarchies.length > 0, 'cgroups are mounted');
    const top = `${CGROUP_PREFIX}${process.env['NSCOPE_TEST_MARK'] ?? ''}${randomBytes(4).toString('hex')}`;
    const unknown: string[] = [];
    const wrongly: string[] = [];
    try {
      for (const { version, mountPoint } of hierarchies) {
        mkdirSync(`${mountPoint}/${top}`);
        for (const { name, mode } of [...filesOf(mountPoint), ...filesOf(`${mountPoint}/${top}`)]) {
          const row = rowOfFile(version, name);
          if (!row && !(name in NOT_MAINLINE)) unknown.push(`v${version} ${name}`);
          const isRead = (mode & READ_BITS) !== 0 && !READ_IN_VAIN.includes(name);
          if (row && (row.kind === 'act') === isRead) wrongly.push(`v${version} ${name}`);
        }
      }
    } finally {
      await removeTestCgroups(top);
    }
    assert.equal([...new Set(unknown)], []);
    assert.equal([...new Set(wrongly)], []);
  },
);

function filesOf(directory: string): readonly { readonly name: string; readonly mode: number }[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((one) => one.isFile())
    .map(({ name }) => ({ name, mode: statSync(`${directory}/${name}`).mode }));
}

/** As the two versions call the file of CPU time and the memory limit. */
const WORDS = {
  1: { time: 'cpuacct\\.usage', limit: 'memory\\.limit_in_bytes' },
  2: { time: 'cpu\\.stat usage_usec', limit: 'memory\\.max' },
} as const;

for (const [scheme, reason] of FORMS) {
  const live = maybe(test, reason);
  const words = WORDS[scheme.version];

  live('nscope cgroup PID --watch: blocks with rates until SIGINT, exit 130', async () => {
    await withGroups(scheme, ['sh', '-c', 'while :; do :; done'], async (_made, { pid }) => {
      await withProcess(
        [process.execPath, 'dist/cli.js', 'cgroup', String(pid), '--watch'],
        async (watching) => {
          await until('a block with a rate', () => / [1-9]\d* %/.test(watching.stdout()), 60_000);
          watching.child.kill('SIGINT');
          const { code } = await watching.exited;
          assert.is(code, 130);
          // 5 ms of each 100 ms, over whatever span was between two looks.
          const row = new RegExp(`${words.time} +\\S+ \\S+ +(\\d+) %`);
          const rate = Number(row.exec(watching.stdout())?.[1] ?? '-1');
          assert.ok(rate >= 1 && rate <= 30, watching.stdout());
        },
      );
    });
  });

  live('nscope cgroup cgroup:PATH: an empty group is told of, a missing one is an error', async () => {
    const made = makeGroups(await takeSnapshot(liveHost()), scheme);
    try {
      const cgroup = (path: string) =>
        runToEnd([process.execPath, 'dist/cli.js', 'cgroup', `cgroup:${path}`]);
      const { code, stdout } = await cgroup(made.path);
      assert.is(code, 0);
      assert.match(stdout, new RegExp(`${words.limit} +64 MiB +48 MiB, set by ${made.top}\\n`));
      const wrong = await cgroup(`${made.path}/none`);
      assert.is(wrong.code, 2);
      assert.match(wrong.stderr, /no cgroup \/nscope-test-\S+\/inner\/none in any hierarchy/);
    } finally {
      await removeTestCgroups(made.top.slice(1));
    }
  });
}

test.run();
