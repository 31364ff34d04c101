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
  { op: 'cgroup', name: 'pod', limits: { 'memory.limit': '48M', 'freezer.freeze': '0' } },
  { op: 'cgroup', name: 'web', in: 'pod', limits: { 'memory.limit': '32M', 'freezer.freeze': '0' } },
  { op: 'actor', name: 'web', namespaces: [], cgroup: 'web', command: ['sleep', 'infinity'] },
  { op: 'limit', cgroup: 'web', limits: { 'memory.limit': '24M', 'freezer.freeze': '1' } },
  { op: 'limit', cgroup: 'web', limits: { 'freezer.freeze': '0' } },
  { op: 'kill-group', cgroup: 'web' },
];

/** The same for what an OCI runtime makes; pause and limits need root. */
export function runtimeOperations(root: boolean): readonly Operation[] {
  const all: readonly Operation[] = [
    { op: 'rootfs', name: 'base' },
    { op: 'bundle', name: 'web', rootfs: 'base', args: ['sleep', '1000'], limits: { 'pids.limit': '40' } },
    { op: 'runc', verb: 'create', name: 'web', bundle: 'web' },
    { op: 'runc', verb: 'start', container: 'web' },
    { op: 'runc', verb: 'exec', container: 'web', command: ['hostname'] },
    { op: 'bundle-edit', bundle: 'web', set: { hostname: 'two', 'process.args': ['true'] } },
    { op: 'runc', verb: 'run', name: 'once', bundle: 'web' },
    { op: 'runc', verb: 'kill', container: 'web', signal: 'KILL' },
    { op: 'runc', verb: 'delete', container: 'web' },
    { op: 'bundle-edit', bundle: 'web', set: { 'process.args': ['sleep', '1000'] } },
    { op: 'runc', verb: 'run', name: 'late', bundle: 'web', detach: true },
    { op: 'runc', verb: 'pause', container: 'late' },
  ];
  return all.filter((operation) => root || operation.op !== 'runc' || operation.verb !== 'pause');
}

/** A dockerd of the lab's own and a container on it; needs root and docker's programs. */
export const DOCKER_OPERATIONS: readonly Operation[] = [
  { op: 'rootfs', name: 'base' },
  { op: 'dockerd', name: 'docker', config: { 'live-restore': true } },
  { op: 'image', daemon: 'docker', name: 'tiny', rootfs: 'base' },
  {
    op: 'container',
    daemon: 'docker',
    name: 'web',
    image: 'tiny',
    options: ['--memory=64m', '--hostname=web', '--network=none'],
    command: ['sleep', '1000'],
  },
  { op: 'docker', daemon: 'docker', command: ['ps'] },
];
