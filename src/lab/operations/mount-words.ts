// What mount(8) and umount(8) are told for a typed mount: their words, as a learner types them. Runs nothing.
import type { MountType } from '../types.ts';
import type { OperationOf } from './operation.ts';

export const MOUNT_TYPES = [
  'tmpfs',
  'proc',
  'overlay',
  'bind',
  'rbind',
  'move',
  'make-shared',
  'make-slave',
  'make-private',
] as const satisfies readonly MountType[];

/** A file system of its own: mount(8) wants its type, and the type again as a name for its source, which has none. */
const FILE_SYSTEMS: readonly MountType[] = ['tmpfs', 'proc', 'overlay'];

/** These show what is at `source` at another path. */
export const FROM_SOURCE: readonly MountType[] = ['bind', 'rbind', 'move'];

export function mountWords({ type, source, target, options = [] }: OperationOf<'mount'>): readonly string[] {
  const given = options.length > 0 ? ['-o', options.join(',')] : [];
  if (FILE_SYSTEMS.includes(type)) return ['mount', '-t', type, ...given, type, target];
  return ['mount', `--${type}`, ...given, ...(source === undefined ? [] : [source]), target];
}

export function unmountWords({ target, lazy }: OperationOf<'unmount'>): readonly string[] {
  return ['umount', ...(lazy === true ? ['-l'] : []), target];
}
