// `cgroup`, `ps`, `diff` and `preflight` as a shell sees them, over the recorded hosts: lines, JSON, mistakes.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { printRecording } from '../../src/host/recorded-fs.ts';
import { recordingOf } from '../support/host-text.ts';
import { runToEnd } from '../support/process.ts';
import { withTempDir } from '../support/temp.ts';

const test = suite('commands/groups');
const V2 = 'fixtures/hosts/debian13-v2-docker.host';
const V1 = 'fixtures/hosts/debian12-hybrid-docker.host';

function nscope(...args: readonly string[]): ReturnType<typeof runToEnd> {
  return runToEnd([process.execPath, 'dist/cli.js', ...args]);
}

/** The lines of an answer with runs of spaces as one, ids cut. */
async function lines(...args: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await nscope(...args);
  assert.is(code, 0, stderr);
  const plain = (line: string) => line.trim().replaceAll(/ {2,}/g, ' ');
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => plain(line).replaceAll(/[0-9a-f]{64}/g, 'ID'));
}

test('cgroup web, pure v2: path on the host and inside, limits and who sets them', async () => {
  assert.equal((await lines('cgroup', 'web', '--from', V2)).slice(0, 38), [
    'web docker 622 sh -c sleep 9000 & while :; do sleep 500; done',
    'FILE VALUE IN FORCE',
    'memory v2 /system.slice/docker-ID.scope inside /',
    'limit memory.max 64 MiB 64 MiB, its own',
    'limit memory.high max max',
    'limit memory.low 0 B',
    'limit memory.min 0 B',
    'limit memory.swap.max 64 MiB 64 MiB, its own',
    'usage memory.current 744 KiB',
    'usage memory.stat inactive_file 0 B',
    'usage memory.peak 6.6 MiB',
    'usage memory.swap.current 0 B',
    'event memory.events oom_kill 0',
    'event memory.events max 0',
    'event memory.events high 0',
    'usage working set 744 KiB',
    'pressure memory.pressure some 0.00 0.00 0.00 % 0 µs',
    'pressure memory.pressure full 0.00 0.00 0.00 % 0 µs',
    'cpu v2 /system.slice/docker-ID.scope inside /',
    'limit cpu.max quota 50 ms 0.50 CPU, its own',
    'limit cpu.max period 100 ms',
    'limit cpu.max.burst 0 µs',
    'limit cpu.weight 100',
    'usage cpu.stat usage_usec 2.3 s',
    'event cpu.stat nr_periods 44',
    'event cpu.stat nr_throttled 34',
    'event cpu.stat throttled_usec 3.9 s',
    'event cpu.stat.local throttled_usec 3.9 s',
    'pressure cpu.pressure some 0.00 0.19 0.41 % 2.3 s',
    'pressure cpu.pressure full 0.00 0.18 0.40 % 2.3 s',
    'pids v2 /system.slice/docker-ID.scope inside /',
    'limit pids.max 50 50, its own',
    'usage pids.current 4',
    'usage pids.peak 9',
    'event pids.events max 0',
    'io v2 /system.slice/docker-ID.scope inside /',
    'limit io.weight default 100',
    'usage io.stat rbytes 0 B',
  ]);
});

test('cgroup web, hybrid: each controller by its own version, no inside path as docker shares the host’s namespace', async () => {
  const found = await lines('cgroup', 'web', '--from', V1);
  for (const line of [
    'memory v1 /docker/ID',
    'limit memory.limit_in_bytes 64 MiB 64 MiB, its own',
    'limit memory.memsw.limit_in_bytes 128 MiB 128 MiB, its own',
    'usage memory.stat total_inactive_file 76 KiB',
    'usage working set 864 KiB',
    'cpu v1 /docker/ID',
    'limit cpu.cfs_quota_us 50 ms 0.50 CPU, its own',
    'usage cpuacct.usage 3.5 s',
    'limit pids.max 50 50, its own',
    'cgroup v2 /docker/ID',
  ])
    assert.ok(found.includes(line), `${line}\n${found.join('\n')}`);
  assert.not.match(found.join('\n'), /inside/);
});

test('cgroup in Chinese', async () => {
  const { stdout } = await nscope('cgroup', 'web', '--from', V2, '--lang', 'zh-CN');
  assert.match(stdout, /文件 +值 +实际生效/);
  assert.match(stdout, /限制 +memory\.max +64 MiB +64 MiB，由本组设定/);
  assert.match(stdout, /内部所见 \//);
});

interface Controller {
  readonly name: string;
  readonly version: number | null;
  readonly path: string | null;
  readonly insidePath: string | null;
  readonly limits: Readonly<Record<string, string | null>>;
  readonly usage: Readonly<Record<string, string | null>>;
  readonly effective: Readonly<Record<string, { value: string; setBy: string }>>;
  readonly pressure?: unknown;
}

test('cgroup --json: the fields of interface.md; what is no value is null beside coverage.unread', async () => {
  const ask = async (target: string, from: string) =>
    JSON.parse((await nscope('cgroup', target, '--json', '--from', from)).stdout) as {
      coverage: { unread: readonly { path: string; reason: string }[] };
      controllers: readonly Controller[];
    };
  const answer = await ask('web', V2);
  const memory = answer.controllers.find(({ name }) => name === 'memory');
  assert.is(memory?.version, 2);
  assert.match(memory?.path ?? '', /^\/system\.slice\/docker-[0-9a-f]{64}\.scope$/);
  assert.is(memory?.insidePath, '/');
  assert.is(memory?.limits['limit'], '67108864');
  assert.is(memory?.usage['workingSet'], '761856');
  assert.is(memory?.effective['limit']?.value, '67108864');
  assert.is(memory?.effective['limit']?.setBy, memory?.path);
  assert.equal(Object.keys(memory?.pressure ?? {}), ['some', 'full']);
  const bare = await ask('etcd', V2.replace('debian13-v2-docker', 'kubernetes-v2-by-hand'));
  assert.is(bare.controllers.find(({ name }) => name === 'memory')?.pressure, null);
  assert.ok(bare.coverage.unread.some(({ path }) => path.endsWith('/memory.pressure')));
});

test('cgroup --files: the files of the recording with value, meaning, docker’s flag, config.json’s field, the other version’s name', async () => {
  const found = await lines('cgroup', 'web', '--files', '--from', V2);
  assert.ok(
    found.some((line) =>
      /^memory\.max 67108864 64 MiB The hard limit of memory: .*\[docker --memory · linux\.resources\.memory\.limit · v1 memory\.limit_in_bytes\]$/.test(
        line,
      ),
    ),
    found.join('\n'),
  );
  const { stdout } = await nscope('cgroup', 'web', '--files', '--json', '--from', V1);
  const { files } = JSON.parse(stdout) as { files: readonly Record<string, unknown>[] };
  const stat = files.find(({ file }) => file === 'memory.stat');
  assert.match(String(stat?.['value']), /^total_inactive_file 77824$/m);
  assert.is(files.find(({ file }) => file === 'pids.max')?.['docker'], '--pids-limit');
});

test('cgroup host: the root groups, which have no limits', async () => {
  const found = await lines('cgroup', 'host', '--from', V1);
  assert.ok(found.includes('limit memory.limit_in_bytes max max'), found.join('\n'));
});

test('ps --container: pids outside and inside, own namespaces, the short cgroup', async () => {
  const rest = '0 web mnt cgroup uts ipc pid net /system.slice/docker-46d61e7ce267.scope';
  assert.equal(await lines('ps', '--container', 'web', '--from', V2), [
    'PID INSIDE USER CONTAINER NAMESPACES CGROUP COMMAND',
    `622 1 ${rest} sh -c sleep 9000 & while :; do sleep 500; done`,
    `645 7 ${rest} sleep 9000`,
    `646 8 ${rest} sleep 500`,
    `790 9 ${rest} sleep 6000`,
  ]);
});

test('ps --ns: the members; a shared namespace has those of two containers', async () => {
  const all = JSON.parse((await nscope('ps', '--json', '--from', V2)).stdout) as {
    processes: readonly { pid: number; insidePid: number; container: string | null }[];
  };
  assert.is(all.processes.find(({ pid }) => pid === 790)?.insidePid, 9);
  const containers = await lines('ps', '--ns', 'net:4026532371', '--from', V2);
  assert.ok(containers.length > 4, containers.join('\n'));
  assert.match(containers.join('\n'), /sidecar/);
  assert.not.match(containers.join('\n'), / db /);
});

test('diff web db: eight types with both inodes, then the limits', async () => {
  const found = await lines('diff', 'web', 'db', '--from', V2);
  assert.equal(found.slice(0, 16), [
    'TYPE web db',
    'mnt 4026532367 4026532431 own',
    'cgroup 4026532428 4026532492 own',
    'uts 4026532368 4026532432 own',
    'ipc 4026532369 4026532433 own',
    'user 4026531837 4026531837 shared',
    'pid 4026532370 4026532434 own',
    'net 4026532371 4026532435 own',
    'time 4026531834 4026531834 shared',
    '',
    'LIMIT web db',
    'memory.max 64 MiB max',
    'memory.high max max',
    'memory.low 0 B 0 B',
    'memory.min 0 B 0 B',
    'memory.swap.max 64 MiB max',
  ]);
  assert.ok(found.includes('cpu.max quota 50 ms max'));
});

test('diff --json, and two that share the network', async () => {
  const { code, stdout } = await nscope('diff', 'web', 'sidecar', '--json', '--from', V1);
  assert.is(code, 0);
  const answer = JSON.parse(stdout) as {
    namespaces: readonly { type: string; a: number; b: number; relation: string }[];
    limits: readonly { controller: string; key: string; a: { value: string } | null }[];
  };
  const net = answer.namespaces.find(({ type }) => type === 'net');
  assert.is(net?.relation, 'shared');
  assert.is(net?.a, net?.b);
  assert.is(answer.namespaces.length, 8);
  const limit = answer.limits.find(({ controller, key }) => controller === 'memory' && key === 'limit');
  assert.is(limit?.a?.value, '67108864');
});

test('preflight: each need once; 3 exactly where a lesson’s need is missing', async () => {
  const { code, stdout } = await nscope('preflight', '--json');
  const { needs } = JSON.parse(stdout) as {
    needs: readonly { need: string; ok: boolean; message: string; lessons: readonly string[] }[];
  };
  const lacks = needs.some(({ ok, lessons }) => !ok && lessons.length > 0);
  assert.is(code, lacks ? 3 : 0);
  assert.ok(needs.some(({ lessons }) => lessons.includes('uts-namespace')));
  const plain = await nscope('preflight');
  assert.is(plain.code, code);
  for (const { need, ok } of needs)
    assert.match(plain.stdout, new RegExp(`^${ok ? '✓' : '✗'} +${need} `, 'm'));
});

test('cgroup, explain and diff: where an ancestor refuses its limit a lower one may be in force', () =>
  withTempDir(async (dir) => {
    const recording = recordingOf([{ pid: 1 }, { pid: 7, cgroup: '0::/a/b\n' }], {
      '/proc/1/mountinfo': '31 24 0:27 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n',
      '/sys/fs/cgroup/cgroup.controllers': 'memory pids\n',
      '/sys/fs/cgroup/a/b/memory.max': '8192\n',
      '/sys/fs/cgroup/a/b/pids.max': 'max\n',
      '/sys/fs/cgroup/a/pids.max': 'max\n',
    });
    const entries = new Map(recording.entries);
    for (const file of ['memory.max', 'pids.max'])
      entries.set(`/sys/fs/cgroup/a/${file}`, { kind: 'unread', why: 'denied' });
    const file = join(dir, 'denied.host');
    writeFileSync(file, printRecording({ ...recording, entries }));
    const found = await lines('cgroup', '7', '--from', file);
    for (const line of [
      'limit memory.max 8 KiB 8 KiB, its own or less: denied in /a',
      'limit pids.max max max or less: denied in /a',
    ])
      assert.ok(found.includes(line), found.join('\n'));
    const told = (await lines('explain', '7', '--from', file)).join('\n');
    assert.match(told, /memory\.max 8 KiB \(8 KiB, its own or less: denied in \/a\)/);
    assert.match(told, /pids\.max max \(max or less: denied in \/a\)/);
    const both = await lines('diff', '1', '7', '--from', file);
    assert.ok(
      both.some((line) => line.endsWith('8 KiB (8 KiB, set by /a/b or less: denied in /a)')),
      both.join('\n'),
    );
  }));

const USER = 'fixtures/hosts/debian13-v2-unprivileged.host';
const HIDDEN = 'fixtures/hosts/debian13-v2-hidepid.host';

test('cgroup as an ordinary user: limits and usage are told, the path inside is not known, and what was refused is said', async () => {
  const { stdout } = await nscope('tree', '--json', '--from', USER);
  const pid = /"kind": "container",\s*"pid": (\d+)/.exec(stdout)?.[1] ?? '';
  const found = await lines('cgroup', pid, '--from', USER);
  assert.equal(found.slice(0, 4), [
    `${pid} /bin/sleep 1000`,
    'FILE VALUE IN FORCE',
    'memory v2 /system.slice/docker-ID.scope inside ?',
    'limit memory.max 64 MiB 64 MiB, its own',
  ]);
  assert.ok(found.includes('limit pids.max 50 50, its own'), found.join('\n'));
  const { stderr } = await nscope('cgroup', pid, '--from', USER);
  assert.match(stderr, /11 of 11 processes refused their namespace links \(run as root to see them\)/);
  assert.match(stderr, /no answer from \/run\/docker\.sock \(denied\)/);
});

test('cgroup under hidepid: the root groups alone, which have no memory.current; a pid may be another user’s', async () => {
  assert.equal(await lines('cgroup', 'host', '--from', HIDDEN), [
    'host',
    'FILE VALUE IN FORCE',
    'memory, cpu, pids, io, cpuset, freezer, hugetlb, rdma, misc, cgroup v2 / inside ?',
  ]);
  const { stderr } = await nscope('cgroup', 'host', '--from', HIDDEN);
  assert.match(stderr, /\/proc is mounted with hidepid=invisible: processes of other users are not seen/);
  const missing = await nscope('cgroup', '906', '--from', HIDDEN);
  assert.is(missing.code, 2);
  assert.match(
    missing.stderr,
    /no process 906 on this host; \/proc is mounted with hidepid=invisible: it may be/,
  );
});

const MISTAKES: readonly (readonly [readonly string[], RegExp])[] = [
  [['cgroup', 'wep', '--from', V2], /did you mean "web"\?/],
  [['cgroup', '--from', V2], /no process self on this host; a recorded host has no self/],
  [['cgroup', 'cgroup:docker', '--from', V2], /not of the form cgroup:PATH/],
  [
    ['cgroup', 'cgroup:/no/such', '--from', V2],
    /no cgroup \/no\/such in any hierarchy of this host; nscope ps shows/,
  ],
  [['cgroup', 'web', '--watch', '--from', V2], /a recorded host does not change/],
  [['cgroup', 'web', '--watch', '--files', '--from', V2], /--watch and --files are two answers/],
  [['ps', '--container', 'host', '--from', V2], /"host" is no container/],
  [['ps', '--container', 'dc', '--from', V2], /no container, process or namespace "dc".*did you mean "db"\?/],
  [['ps', '--ns', 'utz:1', '--from', V2], /not of the form ns:TYPE:INODE/],
  [['ps', '--ns', 'uts:1', '--from', V2], /no uts namespace 1 on this host/],
  [['diff', 'web', '--from', V2], /missing required argument 'b'/],
  [['diff', 'web', 'sidcar', '--from', V2], /did you mean "sidecar"\?/],
  [['preflight', '--from', V2], /a recorded host cannot be tried/],
];

for (const [args, line] of MISTAKES) {
  test(`nscope ${args.join(' ')}: one line, exit 2`, async () => {
    const { code, stdout, stderr } = await nscope(...args);
    assert.is(code, 2, stderr);
    assert.is(stdout, '');
    assert.match(stderr, line);
    assert.is(stderr.trimEnd().split('\n').length, 1, stderr);
  });
}

test.run();
