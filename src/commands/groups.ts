// From a target to its control groups, for the commands that tell of them: which process stands for it, which groups it is in, their whole state.
import { membershipsAt, readWholeGroup } from '../host/groups.ts';
import type { Host } from '../host/host.ts';
import { withCmdline } from '../host/processes.ts';
import { V1_CONTROLLER } from '../kernel/cgroup/files.ts';
import { type Reading, unread } from '../kernel/reading.ts';
import { processAt, processByPid } from '../model/find.ts';
import { insidePath } from '../model/inside.ts';
import { workingSet } from '../model/limits.ts';
import { processesAt, type Target } from '../model/target.ts';
import { commandOf, containerLabel } from '../model/tree.ts';
import type { CgroupMembership, ControllerState, Process, Snapshot, UnreadEntry } from '../model/types.ts';
import { UserError } from '../text/errors.ts';
import { clean } from '../text/sanitize.ts';

/** What a target comes to where one process and one set of groups is wanted. */
export interface Subject {
  readonly target: Target;
  /** null: the target is a group, or a container that has no process any more. */
  readonly process: Process | null;
  readonly memberships: readonly CgroupMembership[];
}

/**
 * The process of a target (of a container its first, of a namespace the one with the lowest pid) and its groups; of a path and of a dead
 * container the groups with this path; of the host the root groups.
 * @throws UserError (2) where the group is not there, or nobody is in the namespace.
 */
export function subjectOf(host: Host, snapshot: Snapshot, target: Target, word: string): Subject {
  const { hierarchies } = snapshot;
  if (target.kind === 'host')
    return { target, process: null, memberships: membershipsAt(host.fs, hierarchies, '/') };
  if (target.kind === 'cgroup') {
    const meant = target.hierarchy ? [target.hierarchy] : hierarchies;
    const memberships = membershipsAt(host.fs, meant, target.path);
    if (memberships.length === 0)
      throw new UserError(`no cgroup ${clean(target.path)} in any hierarchy of this host`, {
        hint: 'nscope ps shows the paths of processes',
      });
    return { target, process: processesAt(snapshot, target)[0] ?? null, memberships };
  }
  const found = processOf(snapshot, target);
  if (found) {
    const memberships = found.cgroups.ok ? found.cgroups.value : [];
    return { target, process: withCmdline(host.fs, found), memberships };
  }
  const path = target.kind === 'container' ? target.container.cgroupPath : null;
  const left = path === null ? [] : membershipsAt(host.fs, hierarchies, path);
  if (left.length === 0)
    throw new UserError(`no process is in ${clean(word)}`, {
      hint: 'nscope ns and nscope tree show what is left of it',
    });
  return { target, process: null, memberships: left };
}

function processOf(snapshot: Snapshot, target: Exclude<Target, { kind: 'host' | 'cgroup' }>): Process | null {
  if (target.kind === 'process') return target.process;
  if (target.kind === 'namespace') return processByPid(snapshot, target.namespace.members[0] ?? -1);
  const { init, pids } = target.container;
  return (init ? processAt(snapshot, init) : null) ?? processByPid(snapshot, pids[0] ?? -1);
}

/** Every controller of the subject's groups, with the paths as the process sees them. */
export function stateOf(host: Host, snapshot: Snapshot, subject: Subject): readonly ControllerState[] {
  return readWholeGroup(host.fs, snapshot.hierarchies, subject.memberships).map((controller) => ({
    ...controller,
    ...(controller.version === null ? {} : { insidePath: insideOf(snapshot, subject, controller) }),
  }));
}

function insideOf(snapshot: Snapshot, subject: Subject, controller: ControllerState): Reading<string> {
  const { process, memberships } = subject;
  const v1Name = V1_CONTROLLER[controller.name] ?? controller.name;
  const membership = memberships.find((line) =>
    controller.version === 2 ? line.hierarchy === 0 : line.controllers.includes(v1Name),
  );
  if (!process || !membership) return unread('gone', `${controller.path} (no process to see it)`);
  // A group that was named by its path can be above the process': what it sees is told of the group itself.
  return insidePath(snapshot, process, membership);
}

/** One line that says whom a table is about. */
export function titleOf({ target, process }: Subject): string {
  const who = process ? `  ${process.pid}  ${commandOf(process)}` : '';
  switch (target.kind) {
    case 'host':
      return 'host';
    case 'process':
      return who.trim();
    case 'container':
      return `${containerLabel(target.container)}  ${target.container.engine}${who}`;
    case 'namespace':
      return `${target.namespace.type}:${target.namespace.inode}${who}`;
    case 'cgroup':
      return clean(target.path);
  }
}

/** The same in one word, for the head of a column. */
export function nameOf({ target, process }: Subject): string {
  switch (target.kind) {
    case 'container':
      return containerLabel(target.container);
    case 'process':
      return String(process?.pid ?? '');
    default:
      return titleOf({ target, process: null, memberships: [] });
  }
}

/** The controllers as interface.md has them, and what of them could not be read. */
export function controllersJson(controllers: readonly ControllerState[]): {
  readonly json: readonly Record<string, unknown>[];
  readonly unread: readonly UnreadEntry[];
} {
  const entries = new Map<string, UnreadEntry>();
  const plain = <T>(reading: Reading<T> | null | undefined): T | null => {
    if (reading === null || reading === undefined) return null;
    if (reading.ok) return reading.value;
    entries.set(`${reading.path} ${reading.why}`, { path: clean(reading.path), why: reading.why });
    return null;
  };
  const all = <T>(readings: Readonly<Record<string, Reading<T>>>): Record<string, T | null> =>
    Object.fromEntries(Object.entries(readings).map(([key, reading]) => [key, plain(reading)]));
  const json = controllers.map((controller) => {
    const { name, version, path, insidePath: inside, limits, usage, events, effective } = controller;
    if (version === null)
      return { name, version, path: null, insidePath: null, limits, usage, events, effective };
    const working = workingSet(controller);
    return {
      name,
      version,
      path,
      insidePath: plain(inside),
      limits: all(limits),
      usage: { ...all(usage), ...(working ? { workingSet: plain(working) } : {}) },
      events: all(events),
      effective,
      ...(controller.readAt ? { readAt: controller.readAt } : {}),
      ...(controller.pressure ? { pressure: plain(controller.pressure) } : {}),
      ...(controller.bandwidth
        ? {
            bandwidth: controller.bandwidth.map((group) => ({
              path: group.path,
              quota: plain(group.quota),
              period: plain(group.period),
              nrThrottled: plain(group.nrThrottled),
              throttledTime: plain(group.throttledTime),
            })),
          }
        : {}),
    };
  });
  return { json, unread: [...entries.values()] };
}
