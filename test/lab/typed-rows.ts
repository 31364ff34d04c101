// For each kind of operation what is done, and what a lab and a learner who types its lines must then have in common. A kind without a row fails
// the type check and the test.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Operation } from '../../src/lab/types.ts';
import { actor, groups, told, tree } from './typed-see.ts';
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
const GROUP: Operation = { op: 'cgroup', name: 'a', limits: { 'pids.limit': '40', 'memory.limit': '64M' } };
const ROOTED = box({ namespaces: ['pid', 'mnt', 'uts'], rootfs: 'base', mountProc: true, cgroup: 'a' });
const NOBODY = box({ namespaces: ['user', 'mnt', 'uts'], map: 'none' });

const seeBox = (world: World) => actor(world, 'box');
const run = (...command: string[]): Operation => ({ op: 'run', in: 'box', command, exits: [0, 1, 2, 3] });

export const ROWS: { readonly [K in Operation['op']]: readonly Row[] } = {
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
  actor: [
    { name: 'two namespaces', operation: box({ namespaces: ['uts', 'ipc'] }), see: seeBox },
    { name: 'a root, /proc, and a group', before: [BASE, GROUP], operation: ROOTED, see: seeBox },
    {
      name: 'the children’s namespaces',
      operation: box({ namespaces: ['pid', 'time', 'net', 'cgroup'] }),
      see: seeBox,
    },
    { name: 'a user namespace', operation: box({ namespaces: ['user', 'net'] }), see: seeBox },
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
};
