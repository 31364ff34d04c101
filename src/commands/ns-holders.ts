// How `nscope ns --holders` tells a holder, in words and as JSON, and what a deep look could not see. What holds what: model/holders.ts.
import { pinName, processOf, releaseOf } from '../model/holders.ts';
import type { Holder, Snapshot } from '../model/types.ts';
import { type Lang, say } from '../text/lang.ts';
import { clean } from '../text/sanitize.ts';
import type { Paint } from '../text/sgr.ts';
import { MESSAGES } from './messages.ts';

/**
 * One line for each holder that is no plain member: what it is, and the command that would release it. Mounts of proc in one mount namespace
 * (docker binds several parts of it) are one line. A zombie is told: it holds a namespace though it has ended.
 */
export function holderLines(
  lang: Lang,
  paint: Paint,
  snapshot: Snapshot,
  holders: readonly Holder[],
): readonly string[] {
  const procMounts = new Map<number | null, number>();
  const shown: Holder[] = [];
  for (const holder of holders) {
    if (holder.kind === 'process' && processOf(snapshot, holder)?.state !== 'Z') continue;
    if (holder.kind === 'mount' && holder.filesystem === 'proc') {
      const before = procMounts.get(holder.mountNamespace) ?? 0;
      procMounts.set(holder.mountNamespace, before + 1);
      if (before > 0) continue;
    }
    shown.push(holder);
  }
  return shown.map((holder) => {
    const release = releaseOf(holder, processOf(snapshot, holder));
    const more =
      holder.kind === 'mount' && holder.filesystem === 'proc'
        ? (procMounts.get(holder.mountNamespace) ?? 1) - 1
        : 0;
    const words = `${holderWords(lang, snapshot, holder)}${more > 0 ? say(lang, MESSAGES.holderMore, { count: more }) : ''}`;
    return release === null ? words : `${words}  ${paint('code', release)}`;
  });
}

/** What a holder is, sanitised, in one line without the command. */
function holderWords(lang: Lang, snapshot: Snapshot, holder: Holder): string {
  const process = processOf(snapshot, holder);
  const comm = process?.comm ?? '';
  switch (holder.kind) {
    case 'process': {
      const message = process?.state === 'Z' ? MESSAGES.holderZombie : MESSAGES.holderProcess;
      return say(lang, message, { pid: holder.pid, comm });
    }
    case 'thread':
      return say(lang, MESSAGES.holderThread, { tid: holder.tid, pid: holder.pid, comm });
    case 'forChildren': {
      const { link, pid, tid } = holder;
      return tid === null
        ? say(lang, MESSAGES.holderForChildren, { link, pid, comm })
        : say(lang, MESSAGES.holderForChildrenThread, { link, tid, pid, comm });
    }
    case 'fd':
      return say(lang, MESSAGES.holderFd, { fd: holder.fd, pid: holder.pid, comm });
    case 'mount': {
      const message = holder.filesystem === 'nsfs' ? MESSAGES.holderPin : MESSAGES.holderProc;
      const elsewhere =
        holder.via === null
          ? ''
          : say(lang, MESSAGES.holderElsewhere, { inode: holder.mountNamespace ?? '?' });
      const pin = holder.filesystem === 'nsfs' ? pinName(holder.path) : null;
      const named =
        pin === null ? '' : say(lang, MESSAGES.holderPinName, { by: pin.by, name: clean(pin.name) });
      return `${say(lang, message, { path: clean(holder.path) })}${named}${elsewhere}`;
    }
    case 'child':
      return say(lang, MESSAGES.holderChild, { type: holder.type, inode: holder.inode });
    case 'owned':
      return say(lang, MESSAGES.holderOwned, { type: holder.type, inode: holder.inode });
  }
}

/** The fields of the holder, `comm` of its process, `pin` (whose mount it is, and its name) and `release`. */
export function holderJson(snapshot: Snapshot, holder: Holder): Record<string, unknown> {
  const process = processOf(snapshot, holder);
  const release = releaseOf(holder, process);
  if (holder.kind === 'mount') {
    const { via, ...fields } = holder;
    return { ...fields, via: via?.id ?? null, pin: pinName(holder.path), release };
  }
  return { ...holder, ...('pid' in holder ? { comm: process?.comm ?? null } : {}), release };
}

/** One line for each kind of holder that may be there unseen; empty after a plain look. */
export function deepRemarks(lang: Lang, snapshot: Snapshot): readonly string[] {
  const { deep, threads, fds } = snapshot.coverage;
  if (!deep) return [];
  const remarks: string[] = [];
  if (threads === 'not scanned' && fds === 'not scanned') remarks.push(say(lang, MESSAGES.deepNotScanned));
  if (deep.threads.denied + deep.fds.denied + deep.mountNamespaces.denied > 0)
    remarks.push(
      say(lang, MESSAGES.deepDenied, {
        threads: deep.threads.denied,
        fds: deep.fds.denied,
        mounts: deep.mountNamespaces.denied,
      }),
    );
  if (deep.mountNamespaces.outOfReach > 0)
    remarks.push(say(lang, MESSAGES.deepOutOfReach, { count: deep.mountNamespaces.outOfReach }));
  if (deep.unborn > 0) remarks.push(say(lang, MESSAGES.deepUnborn, { count: deep.unborn }));
  const { proc, mqueue } = deep.untoldMounts;
  if (proc + mqueue > 0) remarks.push(say(lang, MESSAGES.deepUntold, { proc, mqueue }));
  remarks.push(say(lang, MESSAGES.deepSockets));
  return remarks;
}
