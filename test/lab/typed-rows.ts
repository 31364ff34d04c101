// For each kind of operation what is done, and what a lab and a learner who types its lines must then have in common. A kind without a row fails
// the type check and the test.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Operation } from '../../src/lab/types.ts';
import { actor, groups, links, pins, told, tree } from './typed-see.ts';
import type { Row, World } from './typed.ts';

type Actor = Extract<Operation, { op: 'actor' }>;

const box = (change: Partial<Actor>): Actor => ({
  op: 'actor',
  name: 'box',
  namespaces: ['uts'],
  command: ['sleep', 'infinity'],
  ...change,
});
const BASE: Operation = { op: 'rootfs', name: 'base' };
const GROUP: Extract<Operation, { op: 'cgroup' }> = {
  op: 'cgroup',
  name: 'a',
  limits: { 'pids.limit': '40', 'memory.limit': '64M' },
};
const ROOTED = box({ namespaces: ['pid', 'mnt', 'uts'], rootfs: 'base', mountProc: true, cgroup: 'a' });
const DESK: Operation = { op: 'directory', name: 'desk' };
const ROOM = box({ namespaces: ['mnt'] });
const NET = box({ namespaces: ['net'] });
const isNoJournal = (line: string) => !line.startsWith('journal');
const NOBODY = box({ namespaces: ['user', 'mnt', 'uts'], map: 'none' });

const seeBox = (world: World) => actor(world, 'box');
const run = (...command: string[]): Operation => ({ op: 'run', in: 'box', command, exits: [0, 1, 2, 3] });

/** Kinds whose shell lines are typed in a file of their own. */
export const ELSEWHERE = {
  bundle: 'live/lab-runc.test.ts',
  'bundle-edit': 'live/lab-runc.test.ts',
  runc: 'live/lab-runc.test.ts',
  dockerd: 'live/lab-dockerd.test.ts',
  image: 'live/lab-dockerd.test.ts',
  container: 'live/lab-dockerd.test.ts',
  docker: 'live/lab-dockerd.test.ts',
} as const satisfies Partial<Record<Operation['op'], string>>;

type Typed = Exclude<Operation['op'], keyof typeof ELSEWHERE>;

export const ROWS: { readonly [K in Typed]: readonly Row[] } = {
  rootfs: [
    {
      name: 'the user land',
      operation: BASE,
      see: ({ directory }) => tree(join(directory, 'rootfs-base')),
    },
  ],
  cgroup: [
    { name: 'limits of two controllers', operation: GROUP, see: groups },
    {
      name: 'a second group below the same top',
      before: [GROUP],
      operation: {
        op: 'cgroup',
        name: 'b',
        limits: { 'pids.limit': '7', 'cpu.quota': '20000', 'cpuset.cpus': '0' },
      },
      see: groups,
    },
    {
      name: 'to be looked at, without a limit',
      operation: { op: 'cgroup', name: 'b', limits: {} },
      see: groups,
    },
  ],
  limit: [
    {
      name: 'two limits, and frozen',
      before: [{ ...GROUP, limits: { ...GROUP.limits, 'freezer.freeze': '0' } }],
      operation: { op: 'limit', cgroup: 'a', limits: { 'memory.limit': '32M', 'freezer.freeze': '1' } },
      see: groups,
    },
  ],
  'kill-group': [
    {
      name: 'the processes of a group',
      before: [GROUP, box({ cgroup: 'a' })],
      operation: { op: 'kill-group', cgroup: 'a' },
      // Of a zombie that its shell has not waited for nothing is left but its number.
      see: (world) => existsSync(`/proc/${world.pid('box')}/ns/uts`),
    },
  ],
  actor: [
    { name: 'two namespaces', operation: box({ namespaces: ['uts', 'ipc'] }), see: seeBox },
    { name: 'a root, /proc, and a group', before: [BASE, GROUP], operation: ROOTED, see: seeBox },
    {
      name: 'the children’s namespaces',
      operation: box({ namespaces: ['pid', 'time', 'net', 'cgroup'] }),
      see: seeBox,
    },
    { name: 'a user namespace', operation: box({ namespaces: ['user', 'net'] }), see: seeBox },
    {
      name: 'inside another, and forked twice',
      before: [{ ...NET, name: 'web', namespaces: ['pid', 'mnt'], mountProc: true }],
      operation: box({ namespaces: ['pid', 'uts'], inside: 'web' }),
      see: seeBox,
    },
    {
      name: 'inside another of another user',
      before: [{ ...NOBODY, name: 'web', map: 'root' }],
      operation: box({ namespaces: ['mnt'], inside: 'web', propagation: 'slave' }),
      see: seeBox,
    },
    { name: 'a plain root', before: [BASE], operation: box({ namespaces: [], rootfs: 'base' }), see: seeBox },
    { name: 'no map', operation: NOBODY, see: seeBox },
    { name: 'a map of its own', operation: { ...NOBODY, map: 'root' }, see: seeBox },
  ],
  run: [
    {
      name: 'sets the name inside',
      before: [box({}), run('hostname', 'shoebox')],
      operation: run('sh', '-c', 'hostname; cat /proc/sys/kernel/hostname'),
      see: told,
    },
    {
      name: 'in the root, the groups and the pid namespace of the actor',
      before: [BASE, GROUP, ROOTED],
      operation: run('sh', '-c', 'ls /; cat /proc/self/cgroup; ls -d /proc/1'),
      see: told,
    },
    {
      name: 'status, quotes, and what a shell would expand',
      before: [box({})],
      operation: run('sh', '-c', 'echo "$HOME" \'$HOME\' "it\'s" $((1+1)); echo oh >&2; exit 3'),
      see: told,
    },
    { name: 'nobody', before: [NOBODY], operation: run('id'), see: told },
    {
      name: 'the pid of another, within quotes',
      before: [box({})],
      operation: run('sh', '-c', 'tr "\\0" " " < /proc/{pid:box}/cmdline; echo'),
      see: told,
    },
  ],
  unshare: [
    {
      name: 'a pid namespace with its /proc',
      operation: {
        op: 'unshare',
        namespaces: ['pid', 'mnt'],
        fork: true,
        mountProc: true,
        command: ['sh', '-c', 'echo $$; ls -d /proc/1; readlink /proc/self'],
      },
      see: told,
    },
    {
      name: 'without a fork',
      operation: {
        op: 'unshare',
        namespaces: ['pid'],
        fork: false,
        command: ['sh', '-c', 'sh -c "echo child \\$\\$"; sh -c "echo child \\$\\$"; echo end'],
        exits: [0, 1, 2, 126, 254, 255],
      },
      see: told,
    },
    {
      name: 'in a root of its own',
      before: [BASE],
      operation: {
        op: 'unshare',
        namespaces: ['mnt', 'pid'],
        fork: true,
        rootfs: 'base',
        mountProc: true,
        command: ['ls', '/', '/bin/cat'],
      },
      see: told,
    },
    {
      name: 'no map, capabilities kept',
      operation: {
        op: 'unshare',
        namespaces: ['user'],
        fork: false,
        map: 'none',
        command: [
          'sh',
          '-c',
          'id; cat /proc/self/uid_map; grep CapEff /proc/self/status; echo {outside:gid}',
        ],
      },
      see: told,
    },
  ],
  look: [
    {
      name: 'the pid of an actor',
      before: [box({})],
      operation: { op: 'look', command: ['grep', '-c', 'Pid', '/proc/{pid:box}/status'] },
      see: told,
    },
  ],
  signal: [
    {
      name: 'KILL from the host',
      before: [box({})],
      operation: { op: 'signal', actor: 'box', signal: 'KILL', from: 'host' },
      // Of a zombie that its shell has not waited for nothing is left but its number.
      see: (world) => existsSync(`/proc/${world.pid('box')}/ns/uts`),
    },
    {
      name: 'STOP from the host',
      before: [box({ namespaces: ['uts', 'ipc'] })],
      operation: { op: 'signal', actor: 'box', signal: 'STOP', from: 'host' },
      see: seeBox,
    },
    {
      name: 'TERM from inside, which PID 1 ignores',
      before: [BASE, GROUP, ROOTED],
      operation: { op: 'signal', actor: 'box', signal: 'TERM', from: 'inside' },
      see: seeBox,
    },
  ],
  'id-map': [
    { name: 'one id', before: [NOBODY], operation: { op: 'id-map', of: 'box', ids: 'own' }, see: seeBox },
    { name: 'a range', before: [NOBODY], operation: { op: 'id-map', of: 'box', ids: 'range' }, see: seeBox },
    {
      name: 'what root inside is then',
      before: [NOBODY, { op: 'id-map', of: 'box', ids: 'range' }],
      operation: run('sh', '-c', 'id; grep Cap /proc/self/status; hostname inside && hostname'),
      see: told,
    },
  ],
  directory: [
    { name: 'a directory', operation: DESK, see: ({ directory }) => tree(directory).filter(isNoJournal) },
  ],
  mount: [
    {
      name: 'a tmpfs with options',
      before: [DESK, ROOM],
      operation: { op: 'mount', in: 'box', type: 'tmpfs', target: '{dir:desk}', options: ['size=64k'] },
      see: seeBox,
    },
    {
      name: 'a directory at another path',
      before: [DESK, BASE, ROOM],
      operation: { op: 'mount', in: 'box', type: 'bind', source: '{rootfs:base}', target: '{dir:desk}' },
      see: seeBox,
    },
    {
      name: 'in an actor of another user',
      before: [{ ...NOBODY, map: 'root' }],
      operation: { op: 'mount', in: 'box', type: 'tmpfs', target: '/mnt' },
      see: seeBox,
    },
  ],
  unmount: [
    {
      name: 'what was mounted',
      before: [DESK, ROOM, { op: 'mount', in: 'box', type: 'tmpfs', target: '{dir:desk}' }],
      operation: { op: 'unmount', in: 'box', target: '{dir:desk}' },
      see: seeBox,
    },
  ],
  'pivot-root': [
    {
      name: 'the old root is gone',
      before: [BASE, ROOM],
      operation: { op: 'pivot-root', in: 'box', newRoot: '{rootfs:base}', old: 'unmounted' },
      see: seeBox,
    },
    {
      name: 'the old root stays',
      before: [BASE, ROOM],
      operation: { op: 'pivot-root', in: 'box', newRoot: '{rootfs:base}', old: 'kept' },
      see: seeBox,
    },
  ],
  veth: [
    {
      name: 'between two actors, with addresses',
      before: [NET, { ...NET, name: 'web', namespaces: ['net'], inside: 'box' }],
      operation: {
        op: 'veth',
        name: 'left',
        of: 'box',
        address: '10.11.0.1/24',
        peer: 'right',
        peerOf: 'web',
        peerAddress: '10.11.0.2/24',
      },
      see: (world) => [links(world, 'box'), links(world, 'web')],
    },
  ],
  bridge: [
    {
      name: 'with a port and an address',
      before: [NET, { op: 'veth', name: 'one', of: 'box', peer: 'two', peerOf: 'box' }],
      operation: { op: 'bridge', name: 'switch', of: 'box', ports: ['one'], address: '10.11.1.1/24' },
      see: (world) => links(world, 'box'),
    },
  ],
  pin: [
    {
      name: 'in the mount namespace of an actor',
      before: [ROOM, { ...NET, name: 'web', inside: 'box' }],
      operation: { op: 'pin', name: 'kept', of: 'web', type: 'net', in: 'box' },
      see: (world) => pins(world, 'box'),
    },
  ],
  unpin: [
    {
      name: 'what was pinned',
      before: [
        ROOM,
        { ...NET, name: 'web', inside: 'box' },
        { op: 'pin', name: 'kept', of: 'web', type: 'net', in: 'box' },
      ],
      operation: { op: 'unpin', pin: 'kept' },
      see: (world) => [pins(world, 'box'), tree(world.directory).filter(isNoJournal)],
    },
  ],
};
