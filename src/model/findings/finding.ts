// What a finding of `nscope doctor` is, and what was read for it beside the snapshot. Holds no rule: each finding has a file of its own here.
import type { NsType } from '../../kernel/namespaces.ts';
import type { Reading } from '../../kernel/reading.ts';
import { type Message, say } from '../../text/lang.ts';
import { clean } from '../../text/sanitize.ts';
import { containerLabel } from '../tree.ts';
import type { Container, Process, ProcessRef, Quantity, Snapshot } from '../types.ts';

/** `error`: something has failed; `warning`: it will, or it is open to harm; `note`: a fact of the host, which is no finding and does not count. */
export type Severity = 'error' | 'warning' | 'note';

export type Subject =
  /** `name`: sanitised, the name or the beginning of the id. */
  | { readonly kind: 'container'; readonly id: string; readonly name: string }
  | ({ readonly kind: 'process'; readonly comm: string } & ProcessRef)
  | { readonly kind: 'namespace'; readonly type: NsType; readonly inode: number }
  /** The path in its hierarchy, not sanitised. */
  | { readonly kind: 'cgroup'; readonly path: string }
  | { readonly kind: 'host' };

/** A file, a link or a question to the kernel or an engine, and what it said; neither is sanitised. */
export interface Evidence {
  readonly file: string;
  readonly value: string;
}

export interface Finding {
  readonly id: string;
  readonly severity: Severity;
  readonly subject: Subject;
  /** One sentence without a full stop, sanitised, in every language. */
  readonly sentence: Message;
  readonly evidence: readonly Evidence[];
  /** A shell line that shows the same; nscope never runs it. */
  readonly proof: string;
  /** What can be done about it, sanitised. */
  readonly next: Message;
  /** The id of the lesson that teaches what is behind it (the course of shared lessons; it may not be in this version yet). */
  readonly lesson: string;
  /** The processes that it concerns, ascending: a target that is one of them is told of it. */
  readonly pids: readonly number[];
}

/** One group in the hierarchy of one controller, with the values that findings ask for, by the neutral names of the table of control files. */
export interface GroupFacts {
  readonly controller: string;
  readonly version: 1 | 2;
  readonly path: string;
  readonly directory: string;
  readonly values: Readonly<Record<string, Reading<Quantity>>>;
}

/** A limit that the engine was asked for. */
export interface Asked {
  readonly controller: 'memory' | 'cpu' | 'pids';
  /** Bytes, tasks, or microseconds of each `per`. */
  readonly value: bigint;
  /** cpu: the period in microseconds. */
  readonly per?: bigint;
  /** The field that asks, as `HostConfig.Memory`, and where it stands. */
  readonly field: string;
  readonly source: string;
}

/** What only the files of a container's first process, its bundle and its engine say. */
export interface ContainerFacts {
  readonly id: string;
  /** Of the first process. Bit sets of capabilities(7); seccomp: 0 off, 1 strict, 2 filter, null where the kernel has none. */
  readonly privileges: Reading<Privileges>;
  /** The same of the process that started it (its shim): what the container could have at most. */
  readonly engine: Reading<Privileges> | null;
  /** The engine was asked to leave it in the daemon's user namespace though others get one (`--userns host`). */
  readonly usernsHost: boolean;
  readonly asked: Reading<readonly Asked[]>;
  /** Mount points, as the container sees them, that are or hold an engine's socket; not sanitised. `source`: that socket as we see it. */
  readonly sockets: Reading<readonly { readonly mountPoint: string; readonly source: string }[]>;
}

export interface Privileges {
  readonly file: string;
  readonly capEff: bigint | null;
  readonly capBnd: bigint | null;
  readonly seccomp: number | null;
}

/** Where a shim answers to: its containerd's socket, and whether somebody listens there (/proc/PID/net/unix, unix(7)). */
export interface ShimFacts {
  readonly shim: ProcessRef;
  readonly address: string;
  readonly file: string;
  readonly listening: Reading<boolean>;
}

/** A container that its engine knows and that runs no more: its groups are gone, and the engine alone can tell. */
export interface EndedContainer {
  readonly id: string;
  readonly name: string | null;
  readonly socket: string;
  readonly oomKilled: boolean;
  readonly exitCode: number;
  /** Bytes; null: no limit was asked for. */
  readonly memory: bigint | null;
}

/** What was read for findings beside the snapshot. Plain, and empty lists where nothing was there. */
export interface Examined {
  /** The groups that have processes or are a container's, and all of their ancestors; by controller, then by path. */
  readonly groups: readonly GroupFacts[];
  readonly containers: readonly ContainerFacts[];
  readonly shims: readonly ShimFacts[];
  /** Of the engines that answer. */
  readonly ended: readonly EndedContainer[];
  /** Whether an engine that could know of ended containers was asked and answered, or there is none to ask. */
  readonly engineAnswered: boolean;
  readonly host: {
    /** Lines of /proc/swaps without its head. */
    readonly swaps: Reading<number>;
    /** Names in /proc/pressure that can be read. */
    readonly pressure: Reading<readonly string[]>;
    /** The v2 group, or the v1 group of memory, that was asked whether swap is accounted for. */
    readonly swapAccounting: Reading<boolean>;
  };
}

export type FindingRule = (snapshot: Snapshot, examined: Examined) => readonly Finding[];

/** A message with its places filled, in every language. The values are sanitised here. */
export function filled(message: Message, values: Readonly<Record<string, string | number>> = {}): Message {
  const safe = Object.fromEntries(
    Object.entries(values).map(([key, each]) => [key, typeof each === 'string' ? clean(each) : each]),
  );
  return { en: say('en', message, safe), 'zh-CN': say('zh-CN', message, safe) };
}

export function containerSubject(container: Container): Extract<Subject, { kind: 'container' }> {
  return { kind: 'container', id: container.id, name: containerLabel(container) };
}

export function processSubject({ pid, starttime, comm }: Process): Subject {
  return { kind: 'process', pid, starttime, comm };
}

/** What a subject is called in a sentence or a table, sanitised. */
export function subjectName(subject: Subject): string {
  switch (subject.kind) {
    case 'container':
      return clean(subject.name);
    case 'process':
      return `${subject.pid} ${clean(subject.comm)}`;
    case 'namespace':
      return `${subject.type}:${subject.inode}`;
    case 'cgroup':
      return clean(subject.path);
    case 'host':
      return 'host';
  }
}

/** Two findings with one key speak of the same. */
export function keyOf({ id, subject }: Pick<Finding, 'id' | 'subject'>): string {
  return `${id} ${subject.kind} ${subject.kind === 'container' ? subject.id : subjectName(subject)}`;
}
