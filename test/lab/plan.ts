// One of each operation, in an order in which a lesson could run them; and the program that runs them and kills itself (crash-child.ts).
import type { Operation } from '../../src/lab/types.ts';

/** Those on user namespaces. */
export const USER_OPERATIONS: readonly Operation[] = [
  { op: 'actor', name: 'nobody', namespaces: ['user', 'mnt'], map: 'none', command: ['sleep', 'infinity'] },
  { op: 'id-map', of: 'nobody', ids: 'range' },
  { op: 'run', in: 'nobody', command: ['mount', '-t', 'tmpfs', 'none', '/tmp'] },
  { op: 'actor', name: 'mapped', namespaces: ['user'], map: 'root', command: ['sleep', 'infinity'] },
  { op: 'unshare', namespaces: ['user'], fork: false, map: 'none', command: ['id'] },
];

export const ALL_OPERATIONS: readonly Operation[] = [
  { op: 'rootfs', name: 'base' },
  { op: 'cgroup', name: 'box', limits: { 'pids.limit': '64', 'memory.limit': '64M' } },
  { op: 'actor', name: 'plain', namespaces: ['uts'], command: ['sleep', 'infinity'] },
  {
    op: 'actor',
    name: 'box',
    namespaces: ['mnt', 'cgroup', 'uts', 'ipc', 'pid', 'net'],
    rootfs: 'base',
    mountProc: true,
    cgroup: 'box',
    command: ['sleep', 'infinity'],
  },
  { op: 'run', in: 'plain', command: ['hostname', 'plain-7'] },
  // A process that outlives its command, and forks: the actor's end does not take it along.
  { op: 'run', in: 'plain', command: ['sh', '-c', 'setsid sh -c "sleep 1000; true" >/dev/null 2>&1 & true'] },
  { op: 'unshare', namespaces: ['pid'], fork: true, mountProc: true, rootfs: 'base', command: ['ps'] },
  { op: 'look', command: ['readlink', '/proc/{pid:box}/ns/uts'] },
  { op: 'signal', actor: 'box', signal: 'TERM', from: 'inside' },
  { op: 'signal', actor: 'plain', signal: 'CONT', from: 'host' },
  { op: 'directory', name: 'desk' },
  { op: 'actor', name: 'room', namespaces: ['mnt'], command: ['sleep', 'infinity'] },
  { op: 'mount', in: 'room', type: 'tmpfs', target: '{dir:desk}', options: ['size=64k'] },
  { op: 'run', in: 'room', command: ['mkdir', '{dir:desk}/below'] },
  { op: 'actor', name: 'mate', namespaces: [], inside: 'room', command: ['sleep', 'infinity'] },
  {
    op: 'actor',
    name: 'inner',
    namespaces: ['mnt'],
    inside: 'room',
    propagation: 'slave',
    command: ['sleep', 'infinity'],
  },
  { op: 'unmount', in: 'room', target: '{dir:desk}' },
  { op: 'actor', name: 'jail', namespaces: [], rootfs: 'base', command: ['sleep', 'infinity'] },
  { op: 'run', in: 'jail', command: ['kill', '-TERM', '{pid:mate}'] },
  { op: 'actor', name: 'pivoted', namespaces: ['mnt'], command: ['sleep', 'infinity'] },
  { op: 'pivot-root', in: 'pivoted', newRoot: '{rootfs:base}', old: 'unmounted' },
  ...USER_OPERATIONS,
];
