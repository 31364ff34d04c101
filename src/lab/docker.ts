// The lab's own dockerd: which programs it needs, where its data is, and how it and its client are called. Starts nothing.
import { join } from 'node:path';
import { labCgroup } from './cgroupfs.ts';
import { findProgram } from './userland.ts';

/** dockerd calls iptables(8) even where nobody asks for a network, and without a shim or runc no container starts. */
const PROGRAMS = [
  'dockerd',
  'docker',
  'containerd',
  'containerd-shim-runc-v2',
  'runc',
  'iptables',
  'ip',
  'mount',
];

/** Those of them that this host has not. */
export function missingPrograms(): readonly string[] {
  return PROGRAMS.filter((name) => findProgram(name) === null);
}

/** unix(7): sun_path has 108 bytes, the last of them zero. */
export const LONGEST_SOCKET = 107;

/** The longest socket path below a daemon's directory: containerd's. */
export function longestSocket(directory: string): string {
  return join(directory, 'exec/containerd/containerd.sock.ttrpc');
}

export function socketOf(directory: string): string {
  return `unix://${join(directory, 'docker.sock')}`;
}

/** dockerd(8), with nothing of it in the host's own places. */
export function dockerdArgv(directory: string, lab: string): readonly string[] {
  return [
    'dockerd',
    '--config-file',
    join(directory, 'daemon.json'),
    '--data-root',
    join(directory, 'data'),
    '--exec-root',
    join(directory, 'exec'),
    '--pidfile',
    join(directory, 'docker.pid'),
    '--host',
    socketOf(directory),
    '--cgroup-parent',
    `/${labCgroup(lab)}`,
    '--exec-opt',
    'native.cgroupdriver=cgroupfs',
  ];
}

/** docker's client on that daemon, as a learner types it. */
export function dockerWords(directory: string, words: readonly string[]): readonly string[] {
  return ['docker', '--host', socketOf(directory), ...words];
}

/** The same with a configuration of its own: the learner's may hold credentials and another context. */
export function dockerArgv(directory: string, words: readonly string[]): readonly string[] {
  return ['env', `DOCKER_CONFIG=${join(directory, 'client')}`, ...dockerWords(directory, words)];
}
