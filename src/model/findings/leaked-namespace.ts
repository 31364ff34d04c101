// Finding: a namespace that no process and no thread is in, kept alive by an open fd or by a mount; with the command that would let go of it.
// Those that only a child or an owned namespace keeps are not told: what keeps these is. Wants a deep look (Coverage.deep).

import type { NsType } from '../../kernel/namespaces.ts';
import { type Message, say } from '../../text/lang.ts';
import { clean } from '../../text/sanitize.ts';
import { hidingOptions } from '../hidden.ts';
import { isKernelsOwn, pinName, processOf, releaseOf } from '../holders.ts';
import type { Holder, Namespace, Snapshot } from '../types.ts';
import { type Examined, type Finding, filled, subjectName } from './finding.ts';
import { FINDINGS } from './messages.ts';

/** The lesson of each type. */
const LESSONS: Readonly<Record<NsType, string>> = {
  mnt: 'mount-namespace',
  cgroup: 'cgroup-and-time-namespaces',
  uts: 'uts-namespace',
  ipc: 'ipc-namespace',
  user: 'user-namespace',
  pid: 'pid-namespace',
  net: 'network-namespace',
  time: 'cgroup-and-time-namespaces',
};

export function leakedNamespaces(snapshot: Snapshot, _examined: Examined): readonly Finding[] {
  if (!canTell(snapshot)) return [];
  return snapshot.namespaces.flatMap((namespace): Finding[] => {
    const holders = directHolders(snapshot, namespace);
    if (holders.length === 0) return [];
    const subject = { kind: 'namespace', type: namespace.type, inode: namespace.inode } as const;
    const name = subjectName(subject);
    const { denied } = snapshot.coverage;
    const message = denied === 0 ? FINDINGS.leakedNamespace : FINDINGS.leakedNamespaceRefused;
    const sentence = (lang: keyof Message) =>
      say(lang, message, { name, denied, holders: wordsOf(snapshot, holders, lang) });
    const commands = holders.flatMap((holder) => releaseOf(holder, processOf(snapshot, holder)) ?? []);
    return [
      {
        id: 'leaked-namespace',
        severity: 'warning',
        subject,
        sentence: { en: sentence('en'), 'zh-CN': sentence('zh-CN') },
        evidence: holders.map((holder) => evidenceOf(holder, name)),
        proof: `nscope ns ns:${name} --holders`,
        next: filled(FINDINGS.leakedNext, { commands: [...new Set(commands)].join('; ') }),
        lesson: LESSONS[namespace.type],
        pids: [...new Set(holders.flatMap((holder) => ('pid' in holder ? [holder.pid] : [])))].sort(
          (a, b) => a - b,
        ),
      },
    ];
  });
}

/**
 * A process whose links were refused, or that is hidden, may be a member of any namespace. Where they are few, as for root without every
 * capability, the finding says so; where they are many (a tenth), as for a plain user, there is none.
 */
export function canTell(snapshot: Snapshot): boolean {
  const { deep, denied, processes } = snapshot.coverage;
  return deep !== null && hidingOptions(snapshot).length === 0 && denied * 10 < Math.max(processes, 1);
}

/** The fds and mounts that keep it alive; none where somebody is in it, or where its holders are no leak. */
function directHolders(snapshot: Snapshot, namespace: Namespace): readonly Holder[] {
  const { members, holders, initial } = namespace;
  if (initial || members.length > 0 || isKernelsOwn(snapshot, namespace)) return [];
  if (holders.some(({ kind }) => kind === 'thread' || kind === 'forChildren' || kind === 'process'))
    return [];
  const direct = holders.filter((holder) => holder.kind === 'fd' || holder.kind === 'mount');
  // snapd keeps the mount namespace of each snap for its next start.
  return direct.every((holder) => holder.kind === 'mount' && pinName(holder.path)?.by === 'snap')
    ? []
    : direct;
}

function wordsOf(snapshot: Snapshot, holders: readonly Holder[], lang: keyof Message): string {
  const words = holders.map((holder) => {
    if (holder.kind === 'fd') {
      const { fd, pid } = holder;
      return say(lang, FINDINGS.leakedHolderFd, { fd, pid, comm: processOf(snapshot, holder)?.comm ?? '' });
    }
    if (holder.kind !== 'mount') return '';
    const elsewhere =
      holder.via === null
        ? ''
        : say(lang, FINDINGS.leakedHolderElsewhere, { inode: holder.mountNamespace ?? '?' });
    const path = `${clean(holder.path)}${elsewhere}`;
    const pin = pinName(holder.path);
    return pin
      ? say(lang, FINDINGS.leakedHolderNamed, { path, by: pin.by, name: clean(pin.name) })
      : say(lang, FINDINGS.leakedHolderMount, { path });
  });
  return words.join(FINDINGS.leakedAnd[lang]);
}

function evidenceOf(holder: Holder, name: string): Finding['evidence'][number] {
  if (holder.kind === 'fd') return { file: `/proc/${holder.pid}/fd/${holder.fd}`, value: name };
  if (holder.kind !== 'mount') return { file: name, value: '' };
  const file = holder.via ? `/proc/${holder.via.id}/mountinfo` : '/proc/self/mountinfo';
  return { file, value: `${holder.filesystem} ${holder.path}` };
}
