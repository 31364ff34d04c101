// A host and a lesson that exist nowhere: fixed values for the tests of app, view and ui.
import { NS_TYPES, type NsType } from '../../src/kernel/namespaces.ts';
import { type Reading, unread, value } from '../../src/kernel/reading.ts';
import { parseMountinfo } from '../../src/kernel/proc/mountinfo.ts';
import { parseStatus } from '../../src/kernel/proc/status.ts';
import { startState, type AppState } from '../../src/app/state.ts';
import { update } from '../../src/app/update.ts';
import type { Lang } from '../../src/text/lang.ts';
import type { Actor } from '../../src/lab/types.ts';
import type { Lesson, SessionState, Step, StepProse, StepState } from '../../src/lesson/types.ts';
import type { StoryFacts } from '../../src/model/explain/facts.ts';
import type { Network, SeenLink } from '../../src/model/network.ts';
import type { Container, ControllerState, Process, Snapshot } from '../../src/model/types.ts';

export const HOST_NS: Readonly<Record<NsType, number>> = {
  mnt: 4026531841,
  cgroup: 4026531835,
  uts: 4026531838,
  ipc: 4026531839,
  user: 4026531837,
  pid: 4026531836,
  net: 4026531840,
  time: 4026531834,
};

export function links(own: Partial<Record<NsType, number | 'denied'>> = {}): Process['ns'] {
  const all = {} as Record<NsType, Reading<number>>;
  for (const type of NS_TYPES) {
    const link = own[type] ?? HOST_NS[type];
    all[type] = link === 'denied' ? unread('denied', `/proc/1/ns/${type}`) : value(link);
  }
  return all;
}

export function process(
  pid: number,
  ppid: number,
  words: readonly string[],
  more: Partial<Process> = {},
): Process {
  const comm = (words[0] ?? '').split('/').at(-1) ?? '';
  return {
    pid,
    ppid,
    starttime: pid * 10,
    comm: comm.slice(0, 15),
    state: 'S',
    kernelThread: false,
    uid: value(0),
    nspid: value([pid]),
    cmdline: value(words),
    ns: links(),
    cgroups: value([]),
    ...more,
  };
}

export const WEB_ID = `ee703c${'0123456789abcdef'.repeat(4)}`.slice(0, 64);

const WEB: Container = {
  id: WEB_ID,
  engine: 'docker',
  engineNamespace: 'moby',
  evidence: ['api', 'bundle', 'state', 'cgroup'],
  confidence: 'certain',
  user: 0,
  parent: null,
  pod: null,
  sandbox: false,
  stale: null,
  name: 'web',
  image: 'busybox',
  init: { pid: 5632, starttime: 56320 },
  shim: { pid: 5609, starttime: 56090 },
  pids: [5632],
  execSessions: [],
  bundle: null,
  cgroupPath: `/docker/${WEB_ID}`,
};

const WEB_LINKS = {
  mnt: 4026532180,
  uts: 4026532181,
  ipc: 4026532182,
  pid: 4026532183,
  net: 4026532184,
} as const;

export const WEB_NET = WEB_LINKS.net;

function netLink(ifindex: number, name: string, kind: string | null, more: Partial<SeenLink> = {}): SeenLink {
  return { ifindex, name, kind, up: true, addresses: [], master: null, other: null, far: null, ...more };
}

const LO = netLink(1, 'lo', 'loopback', { addresses: ['127.0.0.1/8'] });

/** A bridge with the container's cable, an end that cannot be told, a vlan; in the container a macvlan of the host's card. */
export const NETWORKS: readonly Network[] = [
  {
    inode: HOST_NS.net,
    trouble: null,
    links: [
      LO,
      netLink(2, 'eth0', null, { addresses: ['192.0.2.7/24'] }),
      netLink(3, 'docker0', 'bridge', { addresses: ['172.17.0.1/16'] }),
      netLink(5, 'veth1a2b', 'veth', { master: 'docker0', far: { inode: WEB_NET, name: 'eth0' } }),
      netLink(6, 'veth9', 'veth', { up: false, far: { inode: null, name: null } }),
      netLink(7, 'eth0.5', 'vlan', { far: { inode: HOST_NS.net, name: 'eth0' } }),
    ],
  },
  {
    inode: WEB_NET,
    trouble: null,
    links: [
      LO,
      netLink(4, 'eth0', 'veth', {
        addresses: ['172.17.0.2/16'],
        far: { inode: HOST_NS.net, name: 'veth1a2b' },
      }),
      netLink(8, 'mv', 'macvlan', { far: { inode: HOST_NS.net, name: 'eth0' } }),
    ],
  },
];

export const BOX: Actor = { name: 'box', pid: 9120, starttime: 91200, namespaces: ['uts'] };

function controllers(path: string, memory: bigint): readonly ControllerState[] {
  const at = (name: string) => value(`/sys/fs/cgroup/${name}${path}`);
  return [
    {
      name: 'cpu',
      version: 1,
      path,
      directory: at('cpu'),
      limits: { quota: value('max'), period: value(100_000n), shares: value(1024n) },
      usage: {},
      events: { nrThrottled: value(0n) },
      effective: {},
    },
    {
      name: 'memory',
      version: 1,
      path,
      directory: at('memory'),
      limits: { limit: value('max') },
      usage: { usage: value(memory) },
      events: { maxEvents: value(0n), oomKill: value(0n) },
      effective: { limit: { value: 64n * 1024n * 1024n, setBy: '/nscope-7f3a' } },
    },
    {
      name: 'pids',
      version: 1,
      path,
      directory: at('pids'),
      limits: { limit: value(64n) },
      usage: { usage: value(1n) },
      events: { maxEvents: value(0n) },
      effective: {},
    },
    {
      name: 'io',
      version: 2,
      path,
      directory: unread('denied', `/sys/fs/cgroup/unified${path}/io.stat`),
      limits: {},
      usage: {},
      events: {},
      effective: {},
    },
  ];
}

/** The host before the lab, or with its box in it. */
export function snapshot(options: { readonly box?: boolean; readonly hostile?: string } = {}): Snapshot {
  const name = options.hostile ?? 'web';
  const box = process(BOX.pid, 1, ['sleep', 'infinity'], {
    ns: links({ uts: 4026532201 }),
  });
  const processes = [
    process(1, 0, ['/sbin/init'], { ns: links({ mnt: 'denied' }) }),
    process(4551, 1, ['dockerd'], { cmdline: value(['dockerd']) }),
    process(4559, 4551, ['containerd'], {
      cmdline: value(['containerd', '--config', '/var/run/docker/containerd/containerd.toml']),
    }),
    process(5609, 1, ['containerd-shim-runc-v2'], {
      cmdline: value([
        'containerd-shim-runc-v2',
        '-namespace',
        'moby',
        '-address',
        '/var/run/docker/containerd/containerd.sock',
      ]),
    }),
    process(5632, 5609, ['sleep', options.hostile ?? '1000'], {
      ns: links(WEB_LINKS),
      nspid: value([5632, 1]),
      cgroups: value([
        { hierarchy: 4, controllers: ['memory'], path: `/docker/${WEB_ID}` },
        { hierarchy: 0, controllers: [], path: `/docker/${WEB_ID}` },
      ]),
    }),
    process(7000, 1, ['bash']),
    ...(options.box ? [box] : []),
  ];
  return {
    takenAt: 0,
    source: { kind: 'live', title: 'live' },
    host: {
      hostname: value(options.hostile ?? 'lighthouse'),
      kernel: value('6.12.0'),
      clockTicks: 100,
      uid: 0,
      engines: [{ socket: '/var/run/docker.sock', version: value('20.10.24') }],
    },
    nsDev: 4,
    self: 7000,
    processes,
    namespaces: [
      ...NS_TYPES.map((type) => ({
        type,
        inode: HOST_NS[type],
        initial: true,
        members: [1],
        owner: value(null),
        parent: value(null),
        pins: [],
        holders: [],
      })),
      ...Object.entries(WEB_LINKS).map(([type, inode]) => ({
        type: type as NsType,
        inode,
        initial: false,
        members: [5632],
        owner: value(HOST_NS.user),
        parent: value(null),
        pins: [],
        holders: [],
      })),
    ],
    mounts: [],
    hierarchies: [
      { version: 1, controllers: ['memory'], mountPoint: '/sys/fs/cgroup/memory', root: '/' },
      { version: 1, controllers: ['cpu', 'cpuacct'], mountPoint: '/sys/fs/cgroup/cpu', root: '/' },
      { version: 1, controllers: ['pids'], mountPoint: '/sys/fs/cgroup/pids', root: '/' },
      { version: 2, controllers: [], mountPoint: '/sys/fs/cgroup/unified', root: '/' },
    ],
    containers: [{ ...WEB, name }],
    groups: [
      { of: { pid: 5632, starttime: 56320 }, controllers: controllers(`/docker/${WEB_ID}`, 700_000n) },
      ...(options.box ? [{ of: BOX, controllers: controllers('/nscope-7f3a/box', 307_200n) }] : []),
    ],
    coverage: {
      processes: processes.length,
      denied: 1,
      procOptions: [],
      threads: 'not scanned',
      fds: 'not scanned',
      mountNamespaces: 'not scanned',
      deep: null,
      owners: 'ioctl',
      insideContainer: false,
      unread: [],
    },
  };
}

function step(id: string, kind: Step['kind'], more: Partial<Step> = {}): Step {
  return {
    id,
    kind,
    focus: 'links',
    pointAt: ['uts'],
    operations: [],
    choices: [],
    checks: [],
    solution: [],
    ...more,
  };
}

function prose(title: string, text: string, more: Partial<StepProse> = {}): StepProse {
  return { title, text, explain: null, hints: [], choices: {}, checks: {}, ...more };
}

export const UTS: Lesson = {
  format: 1,
  id: 'uts-namespace',
  number: 6,
  part: 'namespaces',
  minutes: 10,
  requires: ['root', 'cgroups'],
  prerequisites: [],
  folder: '/lessons/06-uts-namespace',
  foreign: false,
  digest: '',
  title: { en: 'A host name of its own', 'zh-CN': '自己的主机名' },
  summary: {
    en: 'The kernel keeps a host name for each UTS namespace. Give one to a process and rename it.',
    'zh-CN': '内核为每个 UTS 命名空间各保存一份主机名。给一个进程创建新的 UTS 命名空间，再修改其中的主机名。',
  },
  steps: [
    step('look', 'read', { focus: 'tree' }),
    step('rename', 'predict', { choices: [{ id: 'box' }, { id: 'before' }] }),
    step('again', 'task'),
  ],
  prose: {
    en: {
      look: prose(
        'Look at the box',
        'The kernel keeps **one** host name per UTS namespace (`uts_namespaces(7)`).',
      ),
      rename: prose(
        'Rename the box',
        'The box you made a moment ago has one of its own: look at the `uts` row.',
        {
          choices: { box: 'box-7f3a', before: 'what it printed before' },
          explain: 'sethostname(2) writes into the UTS namespace of the caller alone.',
        },
      ),
      again: prose('Do it yourself', 'Give the box another name.', {
        hints: ['Use `hostname`.', 'In the box.'],
      }),
    },
    'zh-CN': {
      look: prose('观察 box', '内核为每个 UTS 命名空间各保存**一份**主机名（`uts_namespaces(7)`）。'),
      rename: prose('修改 box 的主机名', '刚才创建的 box 有自己的 UTS 命名空间，请看右侧 `uts` 一行。', {
        choices: { box: 'box-7f3a', before: '与之前相同' },
        explain: 'sethostname(2) 只写入调用者所在的 UTS 命名空间。',
      }),
      again: prose('自己动手', '给 box 换一个主机名。', { hints: ['使用 `hostname`。', '在 box 里执行。'] }),
    },
  },
};

export const PID: Lesson = {
  ...UTS,
  id: 'pid-namespace',
  number: 8,
  minutes: 15,
  folder: '/lessons/08-pid-namespace',
  title: { en: 'Two numbers for one process', 'zh-CN': '一个进程，两个编号' },
  requires: ['root', 'runc'],
};

const PLAN = {
  shell: 'nsenter -t 9120 -u hostname box-7f3a',
  touches: 'the host name of uts 4026532201',
  undo: "the box's end",
  privileged: true,
};

export function stepState(at: Step, more: Partial<StepState> = {}): StepState {
  return {
    id: at.id,
    kind: at.kind,
    phase: 'reading',
    chosen: null,
    truth: null,
    hintsShown: 0,
    results: [],
    plans: at.kind === 'predict' ? [PLAN] : [],
    ...more,
  };
}

export function session(more: Partial<SessionState> = {}): SessionState {
  return {
    lesson: UTS,
    lang: 'en',
    attempt: '0123456789abcdef',
    times: [],
    base: { kind: 'live' },
    source: { kind: 'live' },
    labId: null,
    index: 0,
    steps: UTS.steps.map((one) => stepState(one)),
    output: [],
    actors: [],
    problem: null,
    ended: false,
    before: null,
    shown: null,
    ...more,
  };
}

/** The session with one step's state changed. */
export function withStep(state: SessionState, index: number, more: Partial<StepState>): SessionState {
  return { ...state, steps: state.steps.map((one, at) => (at === index ? { ...one, ...more } : one)) };
}

export function homeState(lang: Lang = 'en', width = 80, height = 24): AppState {
  const fresh = startState({
    lang,
    colour: 'none',
    size: { width, height },
    lessons: [UTS, PID],
    progress: { 'uts-namespace': { stepsDone: 1, finished: false } },
  });
  return [
    { type: 'snapshot', snapshot: snapshot() } as const,
    { type: 'leftovers', leftovers: [] } as const,
    {
      type: 'preflight',
      lines: [
        { need: 'root', ok: true, line: { en: 'uid 0', 'zh-CN': 'uid 0' } },
        {
          need: 'runc',
          ok: false,
          line: { en: 'runc: not found; apt install runc', 'zh-CN': '未找到 runc；apt install runc' },
        },
      ],
    } as const,
  ].reduce((state, action) => update(state, action).state, fresh);
}

/** In the second step, when its command has run. */
export function lessonState(lang: Lang = 'en', width = 80, height = 24): AppState {
  const running = withStep(
    session({
      labId: '7f3a',
      index: 1,
      actors: [BOX],
      before: snapshot(),
    }),
    1,
    { phase: 'ready', chosen: 'before' },
  );
  const done = withStep(
    {
      ...running,
      output: [
        { stream: 'command', text: 'nsenter -t 9120 -u hostname box-7f3a' },
        { stream: 'command', text: 'hostname' },
        { stream: 'stdout', text: 'lighthouse' },
      ],
    },
    1,
    {
      phase: 'done',
      truth: 'before',
      results: [
        {
          id: 'own',
          verdict: 'pass',
          label: lang === 'en' ? 'box has its own uts' : 'box 有自己的 uts',
          expected: 'differs',
          seen: '4026532201',
          proof: 'readlink /proc/9120/ns/uts',
        },
        {
          id: 'host',
          verdict: 'fail',
          label: lang === 'en' ? 'the host is unchanged' : '主机名未变',
          expected: 'lighthouse',
          seen: 'box-7f3a',
          proof: 'hostname',
        },
      ],
    },
  );
  return [
    { type: 'session-opened', session: session() } as const,
    { type: 'session', session: running } as const,
    { type: 'snapshot', snapshot: snapshot({ box: true }) } as const,
    { type: 'session', session: done } as const,
  ].reduce((state, action) => update(state, action).state, homeState(lang, width, height));
}

/** In the third step, a task: one goal is reached, one is not, one cannot be seen. */
export function taskState(lang: Lang = 'en', width = 80, height = 24): AppState {
  const en = lang === 'en';
  const task = withStep(session({ labId: '7f3a', index: 2, actors: [BOX], before: snapshot() }), 2, {
    phase: 'working',
    results: [
      {
        id: 'own',
        verdict: 'pass',
        label: en ? 'box has a `uts` of its own' : 'box 有自己的 `uts`',
        expected: en ? 'differs' : '不同',
        seen: '4026532201',
        proof: 'readlink /proc/9120/ns/uts',
      },
      {
        id: 'name',
        verdict: 'fail',
        label: en ? 'the host name of the box is another one' : 'box 的主机名与宿主机的不同',
        expected: en ? 'not lighthouse' : '不是 lighthouse',
        seen: 'lighthouse',
        proof: 'nsenter -t 9120 -u hostname',
      },
      {
        id: 'limit',
        verdict: 'unknown',
        label: en ? 'its limit is at most 64 MiB' : '上限至多 64 MiB',
        expected: en ? 'at most 64 MiB' : '至多 64 MiB',
        seen: en ? 'denied' : '权限不足',
        proof: 'cat /sys/fs/cgroup/memory/nscope-7f3a/box/memory.limit_in_bytes',
      },
    ],
  });
  return [
    { type: 'session-opened', session: task } as const,
    { type: 'snapshot', snapshot: snapshot({ box: true }) } as const,
  ].reduce((state, action) => update(state, action).state, homeState(lang, width, height));
}

/** Who the container's first process is: docker's default privileges, a socket of the host's, a name that wants cleaning. */
export function story(hostile = 'logs'): StoryFacts {
  const seen = snapshot();
  const web = seen.processes.find(({ pid }) => pid === 5632);
  if (!web) throw new Error('the fake host has no web');
  const set = 'a80425fb'.padStart(16, '0');
  const capabilities = ['Inh', 'Prm', 'Eff', 'Bnd', 'Amb'].map(
    (name) => `Cap${name}:\t${name === 'Inh' || name === 'Amb' ? '0000000000000000' : set}\n`,
  );
  const status = `Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nGroups:\t0\nThreads:\t1\n${capabilities.join('')}NoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:\t1\n`;
  const mounts = [
    '500 400 0:50 / / rw - overlay overlay rw',
    '501 500 0:51 / /proc/acpi ro - tmpfs tmpfs ro',
    '502 500 0:52 /docker.sock /run/docker.sock rw - tmpfs tmpfs rw',
    `503 500 8:1 /srv/${hostile} /srv rw - ext4 /dev/vda1 rw`,
  ];
  const map = value([{ inside: 0, outside: 100_000, count: 65_536 }]);
  return {
    process: web,
    container: seen.containers[0] ?? null,
    confinement: {
      of: { pid: web.pid, starttime: web.starttime },
      status: value(parseStatus(status, 'status')),
      uidMap: map,
      gidMap: map,
      setgroups: value('allow'),
      label: value('docker-default (enforce)'),
      mounts: value(parseMountinfo(`${mounts.join('\n')}\n`, 'mountinfo')),
      root: value('/'),
      cwd: unread('denied', '/proc/5632/cwd'),
      oomScoreAdj: value(0),
      limits: unread('denied', '/proc/5632/limits'),
    },
    userName: 'root',
    controllers: [],
    lastCapability: value(40),
    bootTime: value(1_700_000_000),
    config: null,
    inspect: null,
    first: null,
  };
}

/** Inspecting, with the container selected. */
export function inspectState(lang: Lang = 'en', width = 80, height = 24): AppState {
  const keys = ['i', 'g', 'j', 'j', 'j'].map((key) => ({ type: 'key', key }) as const);
  return keys.reduce((state, action) => update(state, action).state, homeState(lang, width, height));
}
