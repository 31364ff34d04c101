// Small hosts made of text, looked at and examined as live ones are: what a finding says of the kernel's own words.
import { examineGroups } from '../../../src/host/examine-groups.ts';
import { examineHost } from '../../../src/host/examine-host.ts';
import { examineShims } from '../../../src/host/examine-shims.ts';
import { takeSnapshot } from '../../../src/host/host.ts';
import type { Examined, Finding } from '../../../src/model/findings/finding.ts';
import { findingsOf } from '../../../src/model/findings/index.ts';
import type { Snapshot } from '../../../src/model/types.ts';
import { type FakeProcess, hostOf, recordingOf } from '../../support/host-text.ts';

export const V2 = '/sys/fs/cgroup';
const V1_CONTROLLERS = ['cpu', 'cpuacct', 'freezer', 'memory', 'pids'] as const;

const V2_MOUNTS = `30 23 0:26 / ${V2} rw - cgroup2 cgroup2 rw\n`;
const V1_MOUNTS = [
  `31 23 0:28 / ${V2} rw - tmpfs tmpfs rw`,
  ...V1_CONTROLLERS.map(
    (name, at) => `${32 + at} 31 0:${30 + at} / ${V2}/${name} rw - cgroup cgroup rw,${name}`,
  ),
  '',
].join('\n');
const PROC_MOUNT = '22 1 0:21 / /proc rw - proc proc rw\n';

/** A host's first process, in the root group. */
const INIT: FakeProcess = { pid: 1, comm: 'init', cgroup: '0::/\n' };

export interface Look {
  readonly snapshot: Snapshot;
  readonly examined: Examined;
  readonly findings: readonly Finding[];
}

export interface Extra {
  readonly deep?: boolean;
  /** In place of what was read. */
  readonly examined?: Partial<Examined>;
  readonly snapshot?: Partial<Snapshot>;
  /** Groups that nobody is in. */
  readonly paths?: readonly string[];
  readonly mounts?: string;
}

/** `files` of groups by `PATH/FILE` below the mount point; on v1 `CONTROLLER/PATH/FILE`. */
export async function look(
  version: 1 | 2,
  processes: readonly FakeProcess[],
  groups: Readonly<Record<string, string>> = {},
  extra: Extra = {},
): Promise<Look> {
  const files: Record<string, string> = {
    '/proc/1/mountinfo': PROC_MOUNT + (version === 2 ? V2_MOUNTS : V1_MOUNTS) + (extra.mounts ?? ''),
    '/proc/swaps': 'Filename\tType\tSize\tUsed\tPriority\n/swapfile file 1 0 -2\n',
    '/proc/pressure/memory': 'some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n',
    ...(version === 2 ? { [`${V2}/cgroup.controllers`]: 'cpu io memory pids\n' } : {}),
  };
  for (const [path, text] of Object.entries(groups)) files[`${V2}/${path}`] = text;
  const all = processes.some(({ pid }) => pid === 1) ? processes : [INIT, ...processes];
  const host = hostOf(recordingOf(all, files));
  const taken = await takeSnapshot(host, extra.deep === true ? { deep: {} } : {});
  const snapshot: Snapshot = { ...taken, ...extra.snapshot };
  const examined: Examined = {
    groups: examineGroups(host.fs, snapshot, extra.paths),
    containers: [],
    shims: examineShims(host.fs, snapshot),
    ended: [],
    engineAnswered: true,
    host: examineHost(host.fs, snapshot),
    ...extra.examined,
  };
  return { snapshot, examined, findings: findingsOf(snapshot, examined) };
}

/** The lines of /proc/PID/cgroup on v1, all at one path but those that are named. */
export function v1Lines(path: string, others: Readonly<Record<string, string>> = {}): string {
  return [...V1_CONTROLLERS, 'name=systemd']
    .map((name, at) => `${at + 1}:${name}:${others[name] ?? path}\n`)
    .join('');
}

/** Of each finding its id, subject and the beginning of what it says. */
export function told(findings: readonly Finding[]): readonly string[] {
  return findings
    .filter(({ severity }) => severity !== 'note')
    .map(({ id, severity, sentence }) => `${id} ${severity}: ${sentence.en}`);
}

/** Of a container's process: docker shares user and time with the host. */
export const OWN_NS = { mnt: 11, cgroup: 12, uts: 13, ipc: 14, pid: 15, net: 16 } as const;

export const ID = 'a'.repeat(64);
