// Removes a directory tree of the lab's: never across a mount or another device, never through a link.
import { chmodSync, lstatSync, type Stats, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { HostFs } from '../host/fs.ts';
import { parseMountinfo } from '../kernel/proc/mountinfo.ts';
import type { Mount } from '../model/types.ts';
import { errnoOf } from './state-dir.ts';

/** The mounts of this program's own mount namespace; none where they cannot be read. */
export function ownMounts(fs: HostFs): readonly Mount[] {
  const path = '/proc/self/mountinfo';
  const text = fs.readText(path);
  return text.ok ? parseMountinfo(text.value, path) : [];
}

/** True for the path itself and for what lies below it. */
export function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith('/') ? directory : `${directory}/`);
}

/** The first mount at or below the directory, as this mount namespace shows it; null where there is none. */
export function mountWithin(fs: HostFs, directory: string): Mount | null {
  return ownMounts(fs).find((mount) => isWithin(mount.mountPoint, directory)) ?? null;
}

/** What stands in the way of a removal. */
export type Obstacle =
  | { readonly kind: 'mount'; readonly path: string }
  | { readonly kind: 'device'; readonly path: string };

/**
 * Removes the tree at `root`, which may be gone already. Refuses, having removed nothing, where something is mounted at or
 * below it; stops at a directory on another device. Throws what the file system says otherwise.
 *
 * @returns null when it is gone, or what stands in the way.
 */
export function removeTree(fs: HostFs, root: string): Obstacle | null {
  const mount = mountWithin(fs, root);
  if (mount !== null) return { kind: 'mount', path: mount.mountPoint };
  const stat = lstatOf(root);
  if (stat === null) return null;
  return removeBelow(root, stat.dev);
}

function removeBelow(path: string, dev: number): Obstacle | null {
  const stat = lstatOf(path);
  if (stat === null) return null;
  if (stat.dev !== dev) return { kind: 'device', path };
  if (!stat.isDirectory()) {
    unlinkSync(path);
    return null;
  }
  for (const name of namesIn(path)) {
    const obstacle = removeBelow(join(path, name), dev);
    if (obstacle !== null) return obstacle;
  }
  rmdirSync(path);
  return null;
}

/** The names in a directory of ours; that of overlayfs for its work has no permissions at all, and asks an unprivileged owner for them. */
function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (errnoOf(error) !== 'EACCES') throw error;
    chmodSync(path, 0o700);
    return readdirSync(path);
  }
}

/** lstat(2), or null where there is nothing. */
export function lstatOf(path: string): Stats | null {
  try {
    return lstatSync(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}
