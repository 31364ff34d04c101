// Parses /proc/PID/cgroup (cgroups(7), "/proc files"). It joins no path to a mount point and reads no file.
import { ParseError } from '../../text/errors.ts';

/** One line of /proc/PID/cgroup; `path` is as the reader's cgroup namespace shows it, not sanitised. */
export interface CgroupMembership {
  /** Hierarchy number; 0 is the v2 tree. */
  readonly hierarchy: number;
  /** Controllers of a v1 hierarchy, `name=systemd` for a named one, empty for v2. */
  readonly controllers: readonly string[];
  readonly path: string;
}

/** What the kernel puts after the path of a group that was removed while a zombie was in it. */
const DELETED = ' (deleted)';

/**
 * The memberships of one process, in the file's order. A path may hold `:` (containerd), so a line has three fields at most; a
 * group's name holds no newline (the kernel refuses it). An empty text has none. Throws ParseError for another form.
 */
export function parseCgroups(text: string, path: string): CgroupMembership[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => {
    const [, number, list, groupPath] = /^(\d+):([^:]*):(\/.*)$/s.exec(line) ?? [];
    const hierarchy = Number(number);
    if (list === undefined || groupPath === undefined || !Number.isSafeInteger(hierarchy)) {
      throw new ParseError(path, 'HIERARCHY:CONTROLLERS:/PATH', line);
    }
    return { hierarchy, controllers: list === '' ? [] : list.split(','), path: groupPath };
  });
}

/** True where the group has been removed; the mark is the end of the path (a living group could bear it in its own name). */
export function isDeleted(path: string): boolean {
  return path.endsWith(DELETED);
}

/** True where the path leads out of the reader's cgroup namespace (cgroup_namespaces(7)): it must not be joined to a mount point. */
export function isOutside(path: string): boolean {
  return path === '/..' || path.startsWith('/../');
}

/** The path as it was before its group was removed: without the kernel's mark. */
export function withoutDeleted(path: string): string {
  return isDeleted(path) ? path.slice(0, -DELETED.length) : path;
}
