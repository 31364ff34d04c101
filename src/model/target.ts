// What a word on the command line means: TARGET of interface.md, resolved on one snapshot. Reads nothing.
import { isNsType, NS_TYPES, type NsType } from '../kernel/namespaces.ts';
import { closest } from '../text/closest.ts';
import { UserError } from '../text/errors.ts';
import { clean } from '../text/sanitize.ts';
import { hidingOptions } from './hidden.ts';
import { containerLabel } from './tree.ts';
import { containersNamed, namespaceAt, processByPid } from './find.ts';
import type { Container, Hierarchy, Namespace, Process, Snapshot } from './types.ts';

export type Target =
  | { readonly kind: 'host' }
  | { readonly kind: 'process'; readonly process: Process }
  | { readonly kind: 'container'; readonly container: Container }
  | { readonly kind: 'namespace'; readonly namespace: Namespace }
  /** A path in every hierarchy that has it, or in the one whose mount point was written before it. Whether it is there is the kernel's to say. */
  | { readonly kind: 'cgroup'; readonly path: string; readonly hierarchy: Hierarchy | null };

/**
 * A pid, `self`, `host`, a container's name or the beginning of its id, `ns:TYPE:INODE`, or `cgroup:PATH`.
 * @throws UserError (2) with the nearest name where there is no such thing, or where an id's beginning fits several.
 */
export function resolveTarget(snapshot: Snapshot, word: string): Target {
  if (word === 'host') return { kind: 'host' };
  if (word === 'self' || /^\d+$/.test(word)) return processTarget(snapshot, word);
  if (word.startsWith('ns:')) return namespaceTarget(snapshot, word);
  if (word.startsWith(CGROUP)) return cgroupTarget(snapshot, word);
  const found = containersNamed(snapshot, word);
  const [container] = found;
  if (!container) {
    const names = [...snapshot.containers.map(containerLabel), 'host', 'self'];
    const near = closest(word, names);
    throw new UserError(`no container, process or namespace "${word}" on this host`, {
      hint:
        near === null
          ? 'give a pid, self, host, a container, ns:TYPE:INODE or cgroup:PATH'
          : `did you mean "${near}"?`,
    });
  }
  if (found.length > 1) {
    throw new UserError(`"${word}" fits ${found.length} containers`, {
      hint: `one of: ${found.map((one) => tellingName(one, found)).join(', ')}`,
    });
  }
  return { kind: 'container', container };
}

/** A name that no other of these has: two pods have containers of one name. */
function tellingName(container: Container, among: readonly Container[]): string {
  const label = containerLabel(container);
  if (among.every((one) => one === container || containerLabel(one) !== label)) return label;
  return `${clean(container.id.slice(0, 12))} (${label})`;
}

function processTarget(snapshot: Snapshot, word: string): Target {
  const pid = word === 'self' ? snapshot.self : Number(word);
  const process = processByPid(snapshot, pid);
  if (!process) {
    throw new UserError(`no process ${word} on this host`, { hint: missingHint(snapshot, word) });
  }
  return { kind: 'process', process };
}

function missingHint(snapshot: Snapshot, word: string): string {
  if (word === 'self') return 'a recorded host has no self';
  const hiding = hidingOptions(snapshot);
  if (hiding.length === 0) return 'ps -e lists those that are there';
  return `/proc is mounted with ${hiding.join(',')}: it may be another user's, and root sees it`;
}

function namespaceTarget(snapshot: Snapshot, word: string): Target {
  const [, type = '', inode = ''] = word.split(':');
  if (!isNsType(type) || !/^\d+$/.test(inode)) {
    throw new UserError(`"${word}" is not of the form ns:TYPE:INODE`, {
      hint: `TYPE is one of ${NS_TYPES.join(', ')}`,
    });
  }
  const namespace = namespaceAt(snapshot, type, Number(inode));
  if (!namespace)
    throw new UserError(`no ${type} namespace ${inode} on this host`, {
      hint: 'nscope ns lists those that are there',
    });
  return { kind: 'namespace', namespace };
}

const CGROUP = 'cgroup:';

/** The path as /proc/PID/cgroup has it, or a directory below the mount point of a hierarchy, as a person copies it. */
function cgroupTarget(snapshot: Snapshot, word: string): Target {
  const path = word.slice(CGROUP.length).replace(/(?<=.)\/+$/, '');
  if (!path.startsWith('/') || path.split('/').includes('..')) {
    throw new UserError(`"${word}" is not of the form cgroup:PATH`, {
      hint: 'PATH begins with / as in /proc/PID/cgroup, and has no .. in it',
    });
  }
  const hierarchy = snapshot.hierarchies
    .filter(({ mountPoint }) => path === mountPoint || path.startsWith(`${mountPoint}/`))
    .sort((a, b) => b.mountPoint.length - a.mountPoint.length)[0];
  if (!hierarchy) return { kind: 'cgroup', path, hierarchy: null };
  const root = hierarchy.root === '/' ? '' : hierarchy.root;
  return { kind: 'cgroup', path: `${root}${path.slice(hierarchy.mountPoint.length)}` || '/', hierarchy };
}

/** Processes in the group of the path or in one below it, in whichever hierarchy; ascending pid. */
export function processesAt(
  snapshot: Snapshot,
  { path, hierarchy }: Extract<Target, { kind: 'cgroup' }>,
): readonly Process[] {
  const below = path === '/' ? '/' : `${path}/`;
  // Most processes share a few lists of groups.
  const known = new Map<Process['cgroups'], boolean>();
  return snapshot.processes.filter(({ cgroups }) => {
    let isThere = known.get(cgroups);
    if (isThere === undefined) {
      isThere =
        cgroups.ok &&
        cgroups.value.some(
          (line) =>
            (line.path === path || line.path.startsWith(below)) &&
            (hierarchy === null ||
              (line.hierarchy === 0
                ? hierarchy.version === 2
                : line.controllers.some((name) => hierarchy.controllers.includes(name)))),
        );
      known.set(cgroups, isThere);
    }
    return isThere;
  });
}

/** The namespaces that a target is in: of a container its first process', of the host the initial ones; null means no choice is made. */
export function isIn(snapshot: Snapshot, target: Target, namespace: Namespace): boolean {
  switch (target.kind) {
    case 'host':
      return namespace.initial;
    case 'namespace':
      return namespace === target.namespace;
    case 'process':
      return linksTo(target.process, namespace.type, namespace.inode);
    case 'container':
      return target.container.pids.some((pid) => {
        const process = processByPid(snapshot, pid);
        return process !== null && linksTo(process, namespace.type, namespace.inode);
      });
    case 'cgroup':
      return processesAt(snapshot, target).some((process) =>
        linksTo(process, namespace.type, namespace.inode),
      );
  }
}

function linksTo(process: Process, type: NsType, inode: number): boolean {
  const link = process.ns[type];
  return link.ok && link.value === inode;
}
