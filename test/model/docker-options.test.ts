// The table of docker's options: whole, said in both languages, at one with the table of control files; and each row from the flag to the kernel, on
// both versions of cgroups, where all agree and where one does not.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CONTROL_FILES } from '../../src/kernel/cgroup/files.ts';
import { unread, value } from '../../src/kernel/reading.ts';
import { DOCKER_OPTIONS, tellOptions, type Verdict } from '../../src/model/docker-options/index.ts';
import { verdictOf } from '../../src/model/docker-options/option.ts';
import { sysctlPaths } from '../../src/model/docker-options/within.ts';
import { parseConfig } from '../../src/oci/config.ts';
import { factsOf, type Made, maybeTold, OTHER_ID, OTHER_NS, told } from './docker-facts.ts';

const test = suite('model/docker-options');

test('every option that a control file names has its row, and no flag has two', () => {
  const flags = DOCKER_OPTIONS.map(({ flag }) => flag);
  assert.is(new Set(flags).size, flags.length);
  const named = new Set(CONTROL_FILES.flatMap(({ docker }) => docker?.split(', ') ?? []));
  assert.equal(
    [...named].filter((flag) => !flags.includes(flag)),
    [],
  );
});

test('every row says all of its names, in both languages how the value maps', () => {
  for (const { flag, field, oci, v1, v2, maps } of DOCKER_OPTIONS) {
    for (const word of [field, oci, v1, v2, maps.en, maps['zh-CN']]) assert.ok(word !== '', flag);
    assert.match(maps['zh-CN'], /\p{Script=Han}/u, flag);
    assert.match(field, /^(Host)?Config\./, flag);
  }
});

test('the names of a row are those of the control files', () => {
  const row = (flag: string) => DOCKER_OPTIONS.find((option) => option.flag === flag);
  const names = (flag: string) => [row(flag)?.oci, row(flag)?.v1, row(flag)?.v2];
  assert.equal(names('--memory'), ['linux.resources.memory.limit', 'memory.limit_in_bytes', 'memory.max']);
  assert.equal(names('--cpus'), [
    'linux.resources.cpu.quota, linux.resources.cpu.period',
    'cpu.cfs_quota_us, cpu.cfs_period_us',
    'cpu.max',
  ]);
  assert.equal(names('--memory-swappiness'), ['linux.resources.memory.swappiness', 'memory.swappiness', '-']);
});

test('the verdict: the kernel’s word counts before config.json’s', () => {
  const cases: readonly (readonly [boolean | null, boolean | null, Verdict])[] = [
    [true, true, 'agree'],
    [null, true, 'agree'],
    [true, null, 'unknown'],
    [null, null, 'unknown'],
    [true, false, 'differ'],
    [null, false, 'differ'],
    [false, true, 'updated'],
    [false, false, 'differ'],
    [false, null, 'differ'],
  ];
  for (const [carried, kept, expected] of cases) assert.is(verdictOf(carried, kept), expected);
});

const resources = (of: unknown): unknown => ({ linux: { resources: of } });

/** Flag, what docker was asked, what config.json has, the files of v1 and those of v2 that make all agree; the word that is asked. */
const LIMITS: readonly {
  readonly flag: string;
  readonly host: Readonly<Record<string, unknown>>;
  readonly config: unknown;
  readonly asked: string;
  readonly configured: string;
  readonly v1: Readonly<Record<string, string>>;
  /** null: v2 has no such file. */
  readonly v2: Readonly<Record<string, string>> | null;
}[] = [
  {
    flag: '--memory',
    host: { Memory: 67_108_865 },
    config: resources({ memory: { limit: 67_108_865 } }),
    asked: '67108865',
    configured: '67108865',
    v1: { 'memory.limit_in_bytes': '67108864' },
    v2: { 'memory.max': '67108864' },
  },
  {
    flag: '--memory-swap',
    host: { Memory: 67_108_864, MemorySwap: 134_217_728 },
    config: resources({ memory: { limit: 67_108_864, swap: 134_217_728 } }),
    asked: '134217728',
    configured: '134217728',
    v1: { 'memory.memsw.limit_in_bytes': '134217728' },
    // v2 counts the swap alone.
    v2: { 'memory.swap.max': '67108864' },
  },
  {
    flag: '--memory-swap',
    host: { Memory: 67_108_864, MemorySwap: -1 },
    config: resources({ memory: { limit: 67_108_864, swap: -1 } }),
    asked: '-1',
    configured: '-1',
    v1: { 'memory.memsw.limit_in_bytes': '9223372036854771712' },
    v2: { 'memory.swap.max': 'max' },
  },
  {
    flag: '--memory-reservation',
    host: { MemoryReservation: 33_554_432 },
    config: resources({ memory: { reservation: 33_554_432 } }),
    asked: '33554432',
    configured: '33554432',
    v1: { 'memory.soft_limit_in_bytes': '33554432' },
    v2: { 'memory.low': '33554432' },
  },
  {
    flag: '--memory-swappiness',
    host: { MemorySwappiness: 0 },
    config: resources({ memory: { swappiness: 0 } }),
    asked: '0',
    configured: '0',
    v1: { 'memory.swappiness': '0' },
    v2: null,
  },
  {
    flag: '--kernel-memory',
    host: { KernelMemory: 8_388_608 },
    config: resources({ memory: { kernel: 8_388_608 } }),
    asked: '8388608',
    configured: '8388608',
    v1: { 'memory.kmem.limit_in_bytes': '8388608' },
    v2: null,
  },
  {
    flag: '--oom-kill-disable',
    host: { OomKillDisable: true },
    config: resources({ memory: { disableOOMKiller: true } }),
    asked: 'true',
    configured: 'true',
    v1: { 'memory.oom_control': 'oom_kill_disable 1\nunder_oom 0\noom_kill 0' },
    v2: null,
  },
  {
    flag: '--cpus',
    host: { NanoCpus: 500_000_000 },
    config: resources({ cpu: { quota: 50_000, period: 100_000 } }),
    asked: '0.5',
    configured: '50000/100000',
    v1: { 'cpu.cfs_quota_us': '50000', 'cpu.cfs_period_us': '100000' },
    v2: { 'cpu.max': '50000 100000' },
  },
  {
    flag: '--cpu-quota',
    host: { CpuQuota: 25_000 },
    config: resources({ cpu: { quota: 25_000 } }),
    asked: '25000',
    configured: '25000',
    v1: { 'cpu.cfs_quota_us': '25000' },
    v2: { 'cpu.max': '25000 100000' },
  },
  {
    flag: '--cpu-period',
    host: { CpuPeriod: 50_000 },
    config: resources({ cpu: { period: 50_000 } }),
    asked: '50000',
    configured: '50000',
    v1: { 'cpu.cfs_period_us': '50000' },
    v2: { 'cpu.max': 'max 50000' },
  },
  {
    flag: '--cpu-shares',
    host: { CpuShares: 512 },
    config: resources({ cpu: { shares: 512 } }),
    asked: '512',
    configured: '512',
    v1: { 'cpu.shares': '512' },
    v2: { 'cpu.weight': '20' },
  },
  {
    flag: '--cpu-shares',
    host: { CpuShares: 512 },
    config: resources({ cpu: { shares: 512 } }),
    asked: '512',
    configured: '512',
    v1: { 'cpu.shares': '512' },
    v2: { 'cpu.weight': '59' },
  },
  {
    flag: '--cpu-rt-runtime',
    host: { CpuRealtimeRuntime: 9000 },
    config: resources({ cpu: { realtimeRuntime: 9000 } }),
    asked: '9000',
    configured: '9000',
    v1: { 'cpu.rt_runtime_us': '9000' },
    v2: null,
  },
  {
    flag: '--cpu-rt-period',
    host: { CpuRealtimePeriod: 900_000 },
    config: resources({ cpu: { realtimePeriod: 900_000 } }),
    asked: '900000',
    configured: '900000',
    v1: { 'cpu.rt_period_us': '900000' },
    v2: null,
  },
  {
    flag: '--cpuset-cpus',
    host: { CpusetCpus: '0,1,2,4' },
    config: resources({ cpu: { cpus: '0,1,2,4' } }),
    asked: '0,1,2,4',
    configured: '0,1,2,4',
    v1: { 'cpuset.cpus': '0-2,4' },
    v2: { 'cpuset.cpus': '0-2,4' },
  },
  {
    flag: '--cpuset-mems',
    host: { CpusetMems: '0' },
    config: resources({ cpu: { mems: '0' } }),
    asked: '0',
    configured: '0',
    v1: { 'cpuset.mems': '0' },
    v2: { 'cpuset.mems': '0' },
  },
  {
    flag: '--pids-limit',
    host: { PidsLimit: 50 },
    config: resources({ pids: { limit: 50 } }),
    asked: '50',
    configured: '50',
    v1: { 'pids.max': '50' },
    v2: { 'pids.max': '50' },
  },
  {
    flag: '--pids-limit',
    host: { PidsLimit: -1 },
    config: resources({ pids: { limit: -1 } }),
    asked: '-1',
    configured: '-1',
    v1: { 'pids.max': 'max' },
    v2: { 'pids.max': 'max' },
  },
  {
    flag: '--blkio-weight',
    host: { BlkioWeight: 500 },
    config: resources({ blockIO: { weight: 500 } }),
    asked: '500',
    configured: '500',
    v1: { 'blkio.bfq.weight': '500' },
    v2: { 'io.weight': 'default 4950' },
  },
  {
    flag: '--device-read-bps',
    host: { BlkioDeviceReadBps: [{ Path: '/dev/sda', Rate: 1_048_576 }] },
    config: resources({ blockIO: { throttleReadBpsDevice: [{ major: 8, minor: 0, rate: 1_048_576 }] } }),
    asked: '/dev/sda:1048576',
    configured: '8:0 1048576',
    v1: { 'blkio.throttle.read_bps_device': '8:16 7\n8:0 1048576' },
    v2: { 'io.max': '8:0 rbps=1048576 wbps=max riops=max wiops=max' },
  },
  {
    flag: '--device-write-iops',
    host: { BlkioDeviceWriteIOps: [{ Path: '/dev/sda', Rate: 30 }] },
    config: resources({ blockIO: { throttleWriteIOPSDevice: [{ major: 8, minor: 0, rate: 30 }] } }),
    asked: '/dev/sda:30',
    configured: '8:0 30',
    v1: { 'blkio.throttle.write_iops_device': '8:0 30' },
    v2: { 'io.max': '8:0 rbps=max wbps=max riops=max wiops=30' },
  },
  {
    flag: '--blkio-weight-device',
    host: { BlkioWeightDevice: [{ Path: '/dev/sda', Weight: 200 }] },
    config: resources({ blockIO: { weightDevice: [{ major: 8, minor: 0, weight: 200 }] } }),
    asked: '/dev/sda:200',
    configured: '8:0 200',
    v1: { 'blkio.bfq.weight_device': '8:0 200' },
    v2: null,
  },
];

for (const [at, { flag, host, config, asked, configured, v1, v2 }] of LIMITS.entries()) {
  const name = `${flag} (${at})`;

  test(`${name}: asked, configured and in force on v1`, async () => {
    const found = await told(flag, { host, config, version: 1, files: v1 });
    assert.equal([found.asked, found.configured, found.verdict], [asked, configured, 'agree']);
    assert.equal(
      found.kernel.map((one) => one.name),
      Object.keys(v1),
    );
    for (const one of found.kernel) {
      assert.equal(one.value, value(v1[one.name]));
      assert.is(one.proof, `cat /sys/fs/cgroup/x/${one.name}`);
    }
  });

  test(`${name}: on v2`, async () => {
    const found = await told(flag, { host, config, version: 2, files: v2 ?? {} });
    if (v2) assert.is(found.verdict, 'agree');
    // What v2 has no file for is not in force.
    else if (flag !== '--blkio-weight-device') {
      assert.is(found.verdict, 'differ');
      assert.ok(found.note);
    }
  });

  test(`${name}: another value in the kernel differs, and docker update is told`, async () => {
    const other = Object.fromEntries(Object.keys(v1).map((file) => [file, '8:0 3']));
    const plain = Object.fromEntries(
      Object.keys(v1).map((file) => [file, file.includes('cpuset') ? '7' : '3']),
    );
    const found = await told(flag, {
      host,
      config,
      version: 1,
      files: configured.includes(':') ? other : plain,
    });
    assert.is(found.verdict, 'differ');
    assert.is(
      (await told(flag, { host, config: {}, version: 1, files: v1 })).verdict,
      RATES.test(flag) ? 'differ' : 'updated',
    );
  });

  test(`${name}: without docker’s word config.json’s counts, and nothing is told of nothing`, async () => {
    // Without a word of docker's nobody knows whether quota and period came of --cpus.
    if (flag !== '--cpus') {
      const found = await told(flag, { config, version: 1, files: v1 });
      assert.equal([found.asked, found.configured, found.verdict], [null, configured, 'agree']);
    }
    assert.is(await maybeTold(flag, { host: {}, config: {}, version: 1, files: v1 }), null);
    assert.is(await maybeTold(flag, { config: {}, version: 1, files: v1 }), null);
  });
}

/** The number of a device stands in config.json alone. */
const RATES = /device/;

test('--cpu-shares on v2 says by which formula, and never the way back', async () => {
  const made = (weight: string): Made => ({
    host: { CpuShares: 512 },
    config: resources({ cpu: { shares: 512 } }),
    files: { 'cpu.weight': weight },
  });
  assert.match(
    (await told('--cpu-shares', made('20'))).note?.en ?? '',
    /weight 20 by .* and 59 by .*: the first fits/,
  );
  assert.match((await told('--cpu-shares', made('59'))).note?.en ?? '', /the second fits/);
  const other = await told('--cpu-shares', made('100'));
  assert.match(other.note?.en ?? '', /neither fits/);
  assert.is(other.verdict, 'differ');
});

test('a file that was refused is told as refused, and nothing is said to agree', async () => {
  const facts = await factsOf({ host: { Memory: 4096 }, config: resources({ memory: { limit: 4096 } }) });
  const denied = unread('denied', '/sys/fs/cgroup/x/memory.max');
  const [found] = tellOptions({
    ...facts,
    files: { 'memory.max': { version: 2, path: '/sys/fs/cgroup/x/memory.max', text: denied } },
  });
  assert.equal(found?.kernel[0]?.value, denied);
  assert.is(found?.verdict, 'unknown');
});

test('without config.json the kernel is compared with docker’s word', async () => {
  const found = await told('--memory', { host: { Memory: 4096 }, files: { 'memory.max': '4096' } });
  assert.equal([found.configured, found.verdict], [null, 'agree']);
});

const NET = [{ type: 'network' }];

test('namespaces: host, own, another container’s', async () => {
  const made = (mode: string, namespaces: unknown, ns: Made['ns'] = {}): Made => ({
    host: { NetworkMode: mode },
    config: { linux: { namespaces } },
    ns,
  });
  const verdict = async (of: Made) => (await told('--network', of)).verdict;
  assert.is(await verdict(made('host', [])), 'agree');
  assert.is(await verdict(made('host', [{ type: 'network', path: '/run/docker/netns/default' }])), 'agree');
  assert.is(await verdict(made('host', [], { net: 5 })), 'differ');
  assert.is(await verdict(made('default', NET, { net: 5 })), 'agree');
  assert.is(await verdict(made('none', NET)), 'differ');
  const at = OTHER_NS + 6;
  const joined = [{ type: 'network', path: '/proc/30/ns/net' }];
  assert.is(await verdict(made(`container:${OTHER_ID}`, joined, { net: at })), 'agree');
  assert.is(await verdict(made(`container:${OTHER_ID}`, joined, { net: 5 })), 'differ');
  assert.is(await verdict(made('container:nobody', joined, { net: 5 })), 'unknown');
});

test('docker’s host is where docker is', async () => {
  const found = await told('--pid', {
    host: { PidMode: 'host' },
    config: { linux: { namespaces: [] } },
    ns: { pid: 5 },
    shimNs: { pid: 5 },
  });
  assert.is(found.verdict, 'agree');
  assert.match(found.note?.en ?? '', /pid:\[5\]/);
  const escaped = await told('--pid', {
    host: { PidMode: 'host' },
    config: { linux: { namespaces: [] } },
    shimNs: { pid: 5 },
  });
  assert.is(escaped.verdict, 'differ');
});

test('without docker’s word a namespace is told where it is joined, or is not the container’s own', async () => {
  const plain = { config: { linux: { namespaces: [{ type: 'pid' }] } }, ns: { pid: 5 } };
  assert.is(await maybeTold('--pid', plain), null);
  const none = await told('--pid', { config: { linux: { namespaces: [] } } });
  assert.equal([none.configured, none.verdict], ['no pid', 'agree']);
});

const DEFAULT = 0xa80425fbn;
const caps = (set: bigint) => `CapBnd:\t${set.toString(16)}\n`;
const bounding = (...names: readonly string[]) => ({ process: { capabilities: { bounding: names } } });
const DEFAULTS = [
  'CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP NET_BIND_SERVICE NET_RAW SYS_CHROOT MKNOD AUDIT_WRITE SETFCAP',
]
  .join(' ')
  .split(' ')
  .map((name) => `CAP_${name}`);

test('--cap-add and --cap-drop against CapBnd', async () => {
  const host = { CapAdd: ['net_admin'], CapDrop: ['CAP_MKNOD'] };
  const config = bounding(...DEFAULTS.filter((name) => name !== 'CAP_MKNOD'), 'CAP_NET_ADMIN');
  const set = (DEFAULT | (1n << 12n)) & ~(1n << 27n);
  const add = await told('--cap-add', { host, config, status: caps(set) });
  assert.equal([add.asked, add.configured, add.verdict], ['NET_ADMIN', '+ NET_ADMIN', 'agree']);
  const drop = await told('--cap-drop', { host, config, status: caps(set) });
  assert.equal([drop.asked, drop.configured, drop.verdict], ['MKNOD', '- MKNOD', 'agree']);
  assert.is((await told('--cap-add', { host, config, status: caps(DEFAULT) })).verdict, 'differ');
  assert.is(
    await maybeTold('--cap-add', { host: {}, config: bounding(...DEFAULTS), status: caps(DEFAULT) }),
    null,
  );
});

test('ALL added or dropped', async () => {
  const all = 0x1ffffffffffn;
  const added = await told('--cap-add', {
    host: { CapAdd: ['ALL'], CapDrop: ['MKNOD'] },
    status: caps(all & ~(1n << 27n)),
  });
  assert.is(added.verdict, 'agree');
  const dropped = await told('--cap-drop', {
    host: { CapDrop: ['ALL'], CapAdd: ['KILL'] },
    status: caps(1n << 5n),
  });
  assert.is(dropped.verdict, 'agree');
});

test('--privileged: every capability and no seccomp', async () => {
  const every = {
    process: { capabilities: { bounding: Array.from({ length: 41 }, (_, at) => `CAP_${at}`) } },
  };
  const status = (mode: number) => `${caps(0x1ffffffffffn)}Seccomp:\t${mode}\n`;
  assert.is(
    (await told('--privileged', { host: { Privileged: true }, config: every, status: status(0) })).verdict,
    'agree',
  );
  assert.is(
    (await told('--privileged', { host: { Privileged: true }, config: every, status: status(2) })).verdict,
    'differ',
  );
});

test('seccomp, no-new-privileges, read-only, systempaths', async () => {
  const flag = '--security-opt seccomp';
  const off = { host: { SecurityOpt: ['seccomp=unconfined'] }, config: {} };
  assert.is((await told(flag, { ...off, status: 'Seccomp:\t0\n' })).verdict, 'agree');
  assert.is((await told(flag, { ...off, status: 'Seccomp:\t2\n' })).verdict, 'differ');
  const profile = {
    host: {
      SecurityOpt: [
        'seccomp={"defaultAction":"SCMP_ACT_ERRNO","syscalls":[],"more":"than 64 characters of it"}',
      ],
    },
    config: { linux: { seccomp: { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{}] } } },
    status: 'Seccomp:\t2\n',
  };
  const found = await told(flag, profile);
  assert.equal(
    [found.asked, found.configured, found.verdict],
    ['profile', 'SCMP_ACT_ERRNO, 1 rules', 'agree'],
  );

  const nnp = '--security-opt no-new-privileges';
  for (const word of ['no-new-privileges', 'no-new-privileges:true', 'no-new-privileges=true']) {
    const made = { host: { SecurityOpt: [word] }, config: { process: { noNewPrivileges: true } } };
    assert.is((await told(nnp, { ...made, status: 'NoNewPrivs:\t1\n' })).verdict, 'agree');
    assert.is((await told(nnp, { ...made, status: 'NoNewPrivs:\t0\n' })).verdict, 'differ');
  }
  assert.is(await maybeTold(nnp, { host: { SecurityOpt: ['no-new-privileges:false'] }, config: {} }), null);

  const ro = { host: { ReadonlyRootfs: true }, config: { root: { readonly: true } } };
  const mount = (options: string) => `30 29 0:25 / / ${options} - overlay overlay rw\n`;
  assert.is((await told('--read-only', { ...ro, mounts: mount('ro,relatime') })).verdict, 'agree');
  assert.is((await told('--read-only', { ...ro, mounts: mount('rw') })).verdict, 'differ');

  const paths = { host: { MaskedPaths: [], ReadonlyPaths: [] }, config: {} };
  const masked = '31 30 0:26 /null /proc/kcore rw - tmpfs tmpfs rw\n';
  assert.is((await told('--security-opt systempaths', { ...paths, mounts: mount('rw') })).verdict, 'agree');
  assert.is(
    (await told('--security-opt systempaths', { ...paths, mounts: mount('rw') + masked })).verdict,
    'differ',
  );
});

test('--security-opt label and apparmor', async () => {
  const label = { host: { SecurityOpt: ['label=disable'] }, config: {} };
  assert.is((await told('--security-opt label', label)).verdict, 'agree');
  const apparmor = {
    host: { SecurityOpt: ['apparmor=mine'] },
    config: { process: { apparmorProfile: 'mine' } },
  };
  assert.is(
    (await told('--security-opt apparmor', { ...apparmor, label: value('mine (enforce)') })).verdict,
    'agree',
  );
  assert.is(
    (await told('--security-opt apparmor', { ...apparmor, label: value('other (enforce)') })).verdict,
    'differ',
  );
  assert.is((await told('--security-opt apparmor', apparmor)).verdict, 'unknown');
});

test('--user, --group-add, --ulimit, --oom-score-adj, --shm-size', async () => {
  const process = { user: { uid: 1000, gid: 100, additionalGids: [27] }, oomScoreAdj: 100 };
  const user = await told('--user', { inspectConfig: { User: '1000:100' }, config: { process }, status: '' });
  assert.is(user.verdict, 'differ', 'the process is root’s');
  const groups = { host: { GroupAdd: ['27'] }, config: { process } };
  assert.is((await told('--group-add', groups)).verdict, 'differ');

  const rlimits = [{ type: 'RLIMIT_NOFILE', soft: 512, hard: 18446744073709551615n }];
  const ulimit = {
    host: { Ulimits: [{ Name: 'nofile', Soft: 512, Hard: -1 }] },
    config: { process: { rlimits } },
  };
  const line = (soft: number) =>
    `Max open files            ${soft}                  unlimited            files     \n`;
  const found = await told('--ulimit', { ...ulimit, limits: line(512) });
  assert.equal(
    [found.asked, found.configured, found.verdict],
    ['nofile=512:unlimited', 'nofile=512:unlimited', 'agree'],
  );
  assert.is((await told('--ulimit', { ...ulimit, limits: line(1024) })).verdict, 'differ');

  const score = { host: { OomScoreAdj: 100 }, config: { process } };
  assert.is((await told('--oom-score-adj', { ...score, oomScoreAdj: 100 })).verdict, 'agree');
  assert.is((await told('--oom-score-adj', score)).verdict, 'differ');

  const shm = {
    host: { ShmSize: 16_777_216 },
    config: { mounts: [{ destination: '/dev/shm', options: ['size=16777216'] }] },
  };
  const tmpfs = (size: string) => `30 29 0:25 / /dev/shm rw - tmpfs shm rw,size=${size}\n`;
  assert.is((await told('--shm-size', { ...shm, mounts: tmpfs('16384k') })).verdict, 'agree');
  assert.is((await told('--shm-size', { ...shm, mounts: tmpfs('65536k') })).verdict, 'differ');
});

test('--device and its rule: v1 lists what is allowed, v2 tells nobody', async () => {
  const host = {
    Devices: [{ PathOnHost: '/dev/fuse', PathInContainer: '/dev/fuse', CgroupPermissions: 'rwm' }],
  };
  const config = {
    linux: {
      devices: [{ path: '/dev/fuse', type: 'c', major: 10, minor: 229 }],
      resources: {
        devices: [
          { allow: false, access: 'rwm' },
          { allow: true, type: 'c', major: 10, minor: 229, access: 'rwm' },
        ],
      },
    },
  };
  const list = (text: string): Made => ({ host, config, version: 1, files: { 'devices.list': text } });
  const found = await told('--device', list('c 1:3 rwm\nc 10:229 rwm'));
  assert.equal(
    [found.asked, found.configured, found.verdict],
    ['/dev/fuse:/dev/fuse:rwm', 'c 10:229 rwm', 'agree'],
  );
  assert.is((await told('--device', list('a *:* rwm'))).verdict, 'agree');
  assert.is((await told('--device', list('c 10:229 r'))).verdict, 'differ');
  const v2 = await told('--device', { host, config, version: 2 });
  assert.is(v2.verdict, 'unknown');
  assert.equal(
    v2.kernel.map(({ proof }) => proof),
    ['bpftool cgroup show /sys/fs/cgroup/x'],
  );

  const rule = { host: { DeviceCgroupRules: ['c 10:229 rw'] }, config, version: 1 as const };
  assert.is(
    (await told('--device-cgroup-rule', { ...rule, files: { 'devices.list': 'c 10:* rwm' } })).verdict,
    'agree',
  );
});

const HOSTNAME = '/proc/sys/kernel/hostname';

test('--hostname and --domainname: as they are in the uts namespace; unknown with the command where it could not be entered', async () => {
  const asked = { inspectConfig: { Hostname: 'db1' }, config: { hostname: 'db1' } };
  const closed = await told('--hostname', asked);
  assert.equal([closed.asked, closed.configured, closed.verdict], ['db1', 'db1', 'unknown']);
  assert.is(closed.kernel[0]?.proof, `nsenter -t 20 -u cat ${HOSTNAME}`);
  assert.match(closed.note?.en ?? '', /could not be entered/);
  const open = await told('--hostname', { ...asked, inside: { [HOSTNAME]: 'db1' } });
  assert.equal([open.kernel[0]?.name, open.verdict, open.note], ['kernel.hostname', 'agree', null]);
  assert.is((await told('--hostname', { ...asked, inside: { [HOSTNAME]: 'other' } })).verdict, 'differ');
  // docker names a container after its id by itself.
  assert.is(await maybeTold('--hostname', { inspectConfig: { Hostname: 'ee703c3f8b1a' }, config: {} }), null);
  const domain = (config: unknown, now: string) =>
    told('--domainname', {
      inspectConfig: { Domainname: 'lab' },
      config,
      inside: { '/proc/sys/kernel/domainname': now },
    });
  assert.is((await domain({ domainname: 'lab' }, 'lab')).verdict, 'agree');
  assert.is(
    (await domain({ linux: { sysctl: { 'kernel.domainname': 'lab' } } }, '(none)')).verdict,
    'differ',
  );
});

test('--sysctl: each by its file within the namespace; those that docker adds by itself are not asked for', async () => {
  const SOMAXCONN = '/proc/sys/net/core/somaxconn';
  const RANGE = '/proc/sys/net/ipv4/ip_local_port_range';
  const made = (now: Readonly<Record<string, string>>, configured = '7') => ({
    host: { Sysctls: { 'net.core.somaxconn': '7', 'net.ipv4.ip_local_port_range': '1024 2048' } },
    config: {
      linux: {
        sysctl: {
          'net.core.somaxconn': configured,
          'net.ipv4.ip_local_port_range': '1024 2048',
          'net.ipv4.x': '0',
        },
      },
    },
    inside: now,
  });
  const found = await told('--sysctl', made({ [SOMAXCONN]: '7', [RANGE]: '1024\t2048' }));
  assert.is(found.asked, 'net.core.somaxconn=7, net.ipv4.ip_local_port_range=1024 2048');
  assert.equal(
    found.kernel.map(({ name }) => name),
    ['net.core.somaxconn', 'net.ipv4.ip_local_port_range'],
  );
  assert.is(found.verdict, 'agree');
  assert.is((await told('--sysctl', made({ [SOMAXCONN]: '8', [RANGE]: '1024\t2048' }))).verdict, 'differ');
  assert.is((await told('--sysctl', made({ [SOMAXCONN]: '7' }))).verdict, 'unknown');
  assert.is((await told('--sysctl', made({}))).verdict, 'unknown');
  assert.is((await told('--sysctl', made({}, '8'))).verdict, 'differ');
  // A key of somebody's own config.json leads nowhere else.
  const config = { linux: { sysctl: { 'net..core': '1', 'kernel/../../root': '1', 'net.a b': '1' } } };
  assert.equal(sysctlPaths(null, parseConfig(JSON.stringify(config), 'x')), [
    HOSTNAME,
    '/proc/sys/kernel/domainname',
  ]);
});

const DATA = '/var/lib/docker/volumes/data/_data';
const MOUNTED = `40 30 8:1 ${DATA} /data ro,relatime - ext4 /dev/sda1 rw
41 30 0:50 / /scratch rw,nosuid - tmpfs tmpfs rw,size=1024k
42 30 0:51 / /m rw - tmpfs tmpfs rw,size=8k
`;
const BOUND = {
  mounts: [
    { destination: '/proc', type: 'proc', source: 'proc' },
    { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['size=65536k'] },
    { destination: '/etc/hosts', type: 'bind', source: '/var/lib/docker/containers/x/hosts' },
    { destination: '/data', type: 'bind', source: DATA, options: ['rbind', 'ro'] },
    { destination: '/scratch', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'size=1m'] },
    { destination: '/m', type: 'tmpfs', source: 'tmpfs', options: ['size=5000'] },
  ],
};

test('--volume: config.json’s mount, and the container’s own', async () => {
  const volume = (mounts: string, config: unknown = BOUND) =>
    told('--volume', { host: { Binds: ['data:/data:ro'] }, config, mounts });
  const found = await volume(MOUNTED);
  assert.equal([found.asked, found.configured], ['data:/data:ro', `${DATA}:/data:ro`]);
  assert.equal(found.kernel, [
    {
      name: 'mount /data',
      value: value(`ext4 ro of ${DATA}`),
      proof: "grep ' /data ' /proc/20/mountinfo",
    },
  ]);
  assert.is(found.verdict, 'agree');
  assert.is((await volume(MOUNTED.replace('ro,relatime', 'rw'))).verdict, 'differ', 'remounted');
  assert.is((await volume('')).verdict, 'differ', 'unmounted');
  assert.is((await volume(`${MOUNTED}50 30 0:60 / /data rw - tmpfs x rw\n`)).verdict, 'differ', 'covered');
  assert.is((await volume(MOUNTED, { mounts: [] })).verdict, 'updated');
  const recursive = {
    mounts: [{ destination: '/data', type: 'bind', source: DATA, options: ['rbind', 'rro'] }],
  };
  assert.is((await volume(MOUNTED, recursive)).verdict, 'agree');
  assert.is((await volume(MOUNTED, recursive)).configured, `${DATA}:/data:rro`);
  const unread = await told('--volume', { host: { Binds: ['data:/data:ro'] }, config: BOUND });
  assert.is(unread.verdict, 'unknown');
});

test('--tmpfs and --mount: the file system and its size, in whole pages', async () => {
  const tmpfs = await told('--tmpfs', {
    host: { Tmpfs: { '/scratch/': 'size=1m' } },
    config: BOUND,
    mounts: MOUNTED,
  });
  assert.equal(
    [tmpfs.asked, tmpfs.configured, tmpfs.verdict],
    ['/scratch/:size=1m', 'tmpfs /scratch size=1m', 'agree'],
  );
  assert.equal(tmpfs.kernel[0]?.value, value('tmpfs rw size=1024k'));
  const mount = (size: number, mounts = MOUNTED) =>
    told('--mount', {
      host: {
        Mounts: [
          { Type: 'tmpfs', Target: '/m', TmpfsOptions: { SizeBytes: size } },
          { Type: 'volume', Source: 'data', Target: '/data', ReadOnly: true },
        ],
      },
      config: BOUND,
      mounts,
    });
  assert.is(
    (await mount(5000)).asked,
    'type=tmpfs,dst=/m,tmpfs-size=5000, type=volume,src=data,dst=/data,readonly',
  );
  assert.is((await mount(5000)).verdict, 'agree');
  assert.is((await mount(5000, MOUNTED.replace('size=8k', 'size=16k'))).verdict, 'differ');
  assert.is((await mount(5000, MOUNTED.replace('/m rw - tmpfs', '/m rw - ext4'))).verdict, 'differ');
  assert.is((await mount(9000)).verdict, 'differ', 'neither has so many');
});

test('without docker’s word: the mounts that a plain container has not', async () => {
  const made = { config: BOUND, mounts: MOUNTED };
  assert.equal(
    [(await told('--volume', made)).asked, (await told('--volume', made)).configured],
    [null, `${DATA}:/data:ro`],
  );
  assert.is((await told('--tmpfs', made)).configured, 'tmpfs /scratch size=1m, tmpfs /m size=5000');
  assert.is((await told('--tmpfs', made)).verdict, 'agree');
  assert.is(await maybeTold('--mount', made), null);
  assert.is(await maybeTold('--volume', { config: { mounts: BOUND.mounts.slice(0, 3) } }), null);
});

test('--init and --cgroup-parent', async () => {
  const init = { host: { Init: true }, config: { process: { args: ['/sbin/docker-init', '--', 'sleep'] } } };
  assert.is((await told('--init', init)).verdict, 'differ', 'the first process is sleep');
  const parent = async (path: string, cgroupsPath: string) =>
    (await told('--cgroup-parent', { host: { CgroupParent: path }, config: { linux: { cgroupsPath } } }))
      .verdict;
  assert.is(await parent('/docker', '/docker/x'), 'agree');
  assert.is(await parent('/lab', '/lab/x'), 'differ');
});

test.run();
