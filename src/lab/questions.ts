// What can be asked of a lab's things, or of the host, and what is answered: plain JSON, so that a recording can keep it. Asks nothing.
import type { CapabilitySet } from '../kernel/capabilities.ts';
import type { Ids } from '../kernel/proc/status.ts';
import type { IdRange } from '../kernel/proc/uid-map.ts';

/** What proc_pid_status(5) tells of a process' credentials, in this program's user namespace. */
export interface StatusAnswer {
  readonly uids: Ids;
  readonly gids: Ids | null;
  readonly groups: readonly number[];
  /** Sixteen hexadecimal digits, as the kernel prints them; null where it prints none. */
  readonly capabilities: Readonly<Record<CapabilitySet, string | null>>;
  /** /proc/sys/kernel/cap_last_cap; null where it cannot be read. */
  readonly lastCapability: number | null;
  /** 0 off, 1 strict, 2 filter; null without seccomp(2). */
  readonly seccomp: number | null;
  readonly noNewPrivs: boolean | null;
}

/** The maps of a process' user namespace (user_namespaces(7)); a map that nobody has written has no ranges. */
export interface MapsAnswer {
  readonly uid: readonly IdRange[];
  readonly gid: readonly IdRange[];
  /** null where the kernel has no such file (before Linux 3.19). */
  readonly setgroups: 'allow' | 'deny' | null;
}

/** The answer to each kind of question. */
export interface Answers {
  /** The host name in the actor's UTS namespace. */
  readonly hostname: string;
  readonly status: StatusAnswer;
  readonly maps: MapsAnswer;
}

export type Ask = keyof Answers;

/** `of` is an actor's name, or `host`. Narrow on purpose: an answer may end in a recording, and holds no more than what was asked for. */
export type Question =
  | { readonly ask: 'hostname'; readonly of: string }
  /** Of the host: this program's own. */
  | { readonly ask: 'status'; readonly of: string }
  | { readonly ask: 'maps'; readonly of: string };

export type QuestionOf<K extends Ask> = Extract<Question, { ask: K }>;

/** One text for each question: what a recording keeps its answer under. */
export function questionKey(question: Question): string {
  return Object.values(question).join(' ');
}
