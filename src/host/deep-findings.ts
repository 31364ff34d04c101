// What a deep look hands on to the scan: one entry for each use of a namespace that the plain look at processes does not show. Reads nothing.
import { isNsType, type NsType } from '../kernel/namespaces.ts';
import type { DeepCoverage, Holder, ProcessRef } from '../model/types.ts';

export interface Finding {
  readonly type: NsType;
  readonly inode: number;
  readonly holder: Holder;
  /** Whose file said so: with its end the entry is void. */
  readonly by: ProcessRef;
  /** A file that leads to the namespace; null where opening it could block (a path across a network or FUSE mount). */
  readonly path: string | null;
}

export interface DeepLook {
  readonly findings: readonly Finding[];
  readonly coverage: DeepCoverage;
}

export interface DeepProgress {
  /** Processes and mount namespaces looked at, of how many; the number of the latter is known late. */
  readonly done: number;
  readonly total: number;
}

export interface DeepOptions {
  readonly onProgress?: (progress: DeepProgress) => void;
  /** Its abort rejects the look with the signal's reason, within some milliseconds. */
  readonly signal?: AbortSignal;
}

/** Type and inode of a text such as `net:[4026532177]` (a link of /proc/PID/ns or /proc/PID/fd, the root of an nsfs mount); null for another. */
export function namespaceOf(text: string): { readonly type: NsType; readonly inode: number } | null {
  const [, type = '', inode] = /^([a-z]+):\[(\d+)\]$/.exec(text) ?? [];
  return isNsType(type) ? { type, inode: Number(inode) } : null;
}
