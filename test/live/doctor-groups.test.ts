// timeout: 240
// What `nscope doctor` finds in control groups, each made for real in groups of the test's own, v1 or v2 as this machine has them: OOM kills by
// the group's own limit and by an ancestor's, throttling, a full pids group, a frozen group, namespaces that nobody is in.
import { closeSync, openSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveHost, takeSnapshot } from '../../src/host/host.ts';
import { doctor, only, type Told } from '../support/doctor.ts';
import { type OwnGroups, ownGroups, placeOf, type GroupController } from '../support/groups.ts';
import { maybe, need } from '../support/need.ts';
import { children, runToEnd, start, until, withProcess } from '../support/process.ts';
import { mountsBelow, withTempDir } from '../support/temp.ts';

const test = suite('live/doctor-groups');
const MIB = 1024 * 1024;
const DIES = ['setpriv', '--pdeathsig', 'KILL'];

const WANTED: readonly GroupController[] = ['memory', 'cpu', 'pids', 'freezer'];
const lacking = WANTED.filter((name) => placeOf(name) === null);
const live = maybe(
  test,
  need({ root: true, tools: ['setpriv', 'unshare', 'umount'] }) ??
    (lacking.length > 0 ? `no hierarchy with ${lacking.join(', ')}` : null),
);

async function withGroups(
  controller: GroupController,
  fn: (groups: OwnGroups) => Promise<void>,
): Promise<void> {
  const groups = ownGroups(controller);
  try {
    await fn(groups);
  } finally {
    await groups.remove();
  }
}

/** Waits for the file, then takes up to 48 MiB: tail keeps what it may have to print. The shell lives on. */
const GROW = `until [ -e "$0" ]; do sleep 0.05; done; head -c ${48 * MIB} /dev/zero | tail -c ${48 * MIB} > /dev/null; sleep 300`;

/** Gives the groups memory limits, lets a process of the inner one grow until the kernel has killed it, and asks doctor while its shell lives. */
async function killed(
  limits: Readonly<Record<'top' | 'inner', number | null>>,
): Promise<{ finding: Told; groups: OwnGroups }> {
  let told: { finding: Told; groups: OwnGroups } | null = null;
  await withTempDir(async (dir) => {
    await withGroups('memory', async (groups) => {
      const file = groups.version === 1 ? 'memory.limit_in_bytes' : 'memory.max';
      // v1 wants no more below than above, and the lower one first.
      for (const of of ['inner', 'top'] as const) {
        const limit = limits[of];
        if (limit === null) continue;
        groups.write(of, file, String(limit));
        if (groups.version === 2) groups.write(of, 'memory.swap.max', '0');
      }
      await withProcess([...DIES, 'sh', '-c', GROW, join(dir, 'go')], async ({ pid }) => {
        groups.join(pid);
        writeFileSync(join(dir, 'go'), '');
        await until(
          'a kill',
          () => {
            const text = groups.read('inner', groups.version === 1 ? 'memory.oom_control' : 'memory.events');
            return /^oom_kill [1-9]/m.test(text);
          },
          60_000,
        );
        told = { finding: only(await doctor(String(pid)), 'oom-killed'), groups };
      });
    });
  });
  assert.ok(told);
  return told;
}

live('an OOM kill by the group’s own limit', async () => {
  const { finding, groups } = await killed({ top: null, inner: 16 * MIB });
  assert.equal([finding.severity, finding.subject.path], ['error', groups.path]);
  assert.match(finding.sentence, /the memory limit of its own, 16 MiB, was reached/);
});

live('an OOM kill by an ancestor’s limit, the group’s own being wider', async () => {
  const { finding, groups } = await killed({ top: 16 * MIB, inner: 40 * MIB });
  assert.is(finding.subject.path, groups.path);
  assert.match(finding.sentence, new RegExp(`of an ancestor, 16 MiB of ${groups.top}, was reached`));
});

async function throttledBy(of: 'top' | 'inner'): Promise<{ findings: readonly Told[]; groups: OwnGroups }> {
  let told: { findings: readonly Told[]; groups: OwnGroups } | null = null;
  await withGroups('cpu', async (groups) => {
    if (groups.version === 1) groups.write(of, 'cpu.cfs_quota_us', '5000');
    else groups.write(of, 'cpu.max', '5000 100000');
    await withProcess([...DIES, 'sh', '-c', 'while :; do :; done'], async ({ pid }) => {
      groups.join(pid);
      await until(
        'a few stops',
        () => /^nr_throttled ([3-9]|\d\d)/m.test(groups.read(of, 'cpu.stat')),
        30_000,
      );
      told = { findings: await doctor(String(pid)), groups };
    });
  });
  assert.ok(told);
  return told;
}

live(
  'a throttled group, and one that its ancestor throttles, of which its own counters say nothing',
  async () => {
    const own = await throttledBy('inner');
    const finding = only(own.findings, 'throttled');
    assert.is(finding.subject.path, own.groups.path);
    assert.match(finding.sentence, /was stopped by its own cpu quota in \d+ of \d+ periods/);
    const above = await throttledBy('top');
    assert.is(only(above.findings, 'throttled').subject.path, above.groups.top);
  },
);

live('a full pids group', async () => {
  await withGroups('pids', async (groups) => {
    groups.write('inner', 'pids.max', '5');
    // The shell ends at the first fork that fails: what it has started stays in the group.
    const fill = 'until [ -e "$0" ]; do sleep 0.05; done; for i in 1 2 3 4 5 6 7 8; do sleep 300 & done';
    await withTempDir(async (dir) => {
      await withProcess([...DIES, 'sh', '-c', fill, join(dir, 'go')], async ({ pid }) => {
        groups.join(pid);
        writeFileSync(join(dir, 'go'), '');
        await until('a fork that failed', () => /^max [1-9]/m.test(groups.read('inner', 'pids.events')));
        const finding = only(await doctor(`cgroup:${groups.path}`), 'pids-limit');
        assert.is(finding.subject.path, groups.path);
        assert.match(
          finding.sentence,
          /at the pids limit of .*: 5 of 5 tasks|near the pids limit|fork\(2\) has failed/,
        );
      });
    });
  });
});

live('a frozen group, and one that its ancestor freezes', async () => {
  for (const of of ['inner', 'top'] as const) {
    await withGroups('freezer', async (groups) => {
      const [file, freeze, thaw] =
        groups.version === 1 ? ['freezer.state', 'FROZEN', 'THAWED'] : ['cgroup.freeze', '1', '0'];
      await withProcess([...DIES, 'sleep', '300'], async ({ pid }) => {
        groups.join(pid);
        try {
          groups.write(of, file, freeze);
          const finding = only(await doctor(String(pid)), 'frozen');
          assert.is(finding.subject.path, of === 'top' ? groups.top : groups.path);
          assert.equal(finding.pids, [pid]);
          // The command that it tells does it.
          const line = /thaw it: (.*)$/.exec(finding.next)?.[1] ?? 'false';
          assert.is((await runToEnd(['sh', '-c', line])).code, 0, line);
          assert.equal(await doctor(String(pid)), []);
        } finally {
          groups.write(of, file, thaw);
        }
      });
    });
  }
});

function inodeOf(pid: number): number {
  return Number(/\d+/.exec(readlinkSync(`/proc/${pid}/ns/net`))?.[0]);
}

live('a network namespace that a bind mount holds, and the command that lets go of it', async () => {
  await withTempDir(async (dir) => {
    const pin = join(dir, 'pin');
    writeFileSync(pin, '');
    const made = await runToEnd(['unshare', `--net=${pin}`, 'readlink', '/proc/self/ns/net']);
    try {
      const inode = Number(/\d+/.exec(made.stdout)?.[0]);
      const finding = only(await doctor(`ns:net:${inode}`), 'leaked-namespace');
      assert.is(finding.lesson, 'network-namespace');
      assert.match(finding.sentence, new RegExp(`the mount ${pin} `));
      const line = /if nobody needs it: (.*)$/.exec(finding.next)?.[1] ?? 'false';
      // A copy in another mount namespace goes with ours where it came by propagation: its umount is then in vain.
      await runToEnd(['sh', '-c', line]);
      assert.equal(mountsBelow(dir), [], line);
      await until('the end of the namespace', async () => {
        const { namespaces } = await takeSnapshot(liveHost(), { deep: {} });
        return !namespaces.some((one) => one.type === 'net' && one.inode === inode);
      });
    } finally {
      for (const mount of mountsBelow(dir)) await runToEnd(['umount', mount]);
    }
  });
});

live('a network namespace that an fd holds', async () => {
  const child = await start([...DIES, 'unshare', '--net', 'sh', '-c', 'echo ready; exec sleep 300']);
  let fd: number;
  let inode: number;
  try {
    await until('the namespace', () => child.stdout().includes('ready'));
    inode = inodeOf(child.pid);
    fd = openSync(`/proc/${child.pid}/ns/net`, 'r');
    assert.equal(await doctor(`ns:net:${inode}`), [], 'somebody is in it');
  } finally {
    await child.end();
  }
  try {
    const finding = only(await doctor(`ns:net:${inode}`), 'leaked-namespace');
    assert.match(finding.sentence, new RegExp(`fd ${fd} of ${process.pid} `));
    assert.equal(finding.pids, [process.pid]);
  } finally {
    closeSync(fd);
  }
});

/** Jobs that wait for a file and end; what stands behind them decides whether somebody waits for them. */
const JOBS = 'for i in 1 2 3 4 5 6; do (until [ -e "$0" ]; do sleep 0.05; done) & done; echo ready;';

async function box(script: string, fn: (pid: number) => Promise<void>): Promise<void> {
  await withTempDir(async (dir) => {
    const command = [
      ...DIES,
      'unshare',
      '--pid',
      '--fork',
      '--kill-child',
      'sh',
      '-c',
      script,
      join(dir, 'go'),
    ];
    await withProcess(command, async (started) => {
      await until('the jobs', () => started.stdout().includes('ready'));
      writeFileSync(join(dir, 'go'), '');
      await fn(children(started.pid)[0]?.pid ?? 0);
    });
  });
}

live('zombies below a PID 1 that does not reap; one that reaps has none', async () => {
  await box(`${JOBS} exec sleep 300`, async (pid) => {
    await until('six zombies', () => children(pid).filter(({ state }) => state === 'Z').length >= 6);
    const finding = only(await doctor(String(pid)), 'zombies');
    assert.match(finding.sentence, new RegExp(`\\d zombies wait below PID 1 of pid:\\d+ \\(${pid} sleep\\)`));
  });
  await box(`${JOBS} wait; sleep 300`, async (pid) => {
    await until('the last one', () => children(pid).every(({ comm }) => comm === 'sleep'));
    assert.equal(await doctor(String(pid)), []);
  });
});

test.run();
