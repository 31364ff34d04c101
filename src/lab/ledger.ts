// The journal of one lab: what it is about to make, what it made, what is undone. Append-only JSON lines, synced before each act.
// Acts on nothing but its own file and the lab's directory; undoing is the operations' work.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fsyncSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Lang, say } from '../text/lang.ts';
import { CLEANUP } from './messages.ts';
import { distrustOf, errnoOf, makeDirectory } from './state-dir.ts';
import type { Runner } from './process.ts';

export const JOURNAL = 'journal.jsonl';

const process = z.strictObject({ pid: z.number().int(), starttime: z.number() });

/** An interface, the inode of its network namespace, and the actor that is in that; null for the program's own namespace. */
const link = { link: z.string(), netns: z.number(), in: process.nullable() };

/** What an entry makes. The names carry the lab's id, so that an intent alone (a crash within the act) still tells the owner. */
const made = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('rootfs'), path: z.string() }),
  z.strictObject({
    op: z.literal('cgroup'),
    path: z.string(),
    /** It is the group in which the program waits while its own one hands out controllers (room.ts). */
    room: z.strictObject({ base: z.string(), controllers: z.array(z.string()) }).optional(),
  }),
  z.strictObject({ op: z.literal('limit'), file: z.string(), before: z.string().nullable() }),
  z.strictObject({ op: z.literal('directory'), path: z.string() }),
  z.strictObject({ op: z.literal('actor'), name: z.string() }),
  z.strictObject({ op: z.literal('run'), command: z.string() }),
  z.strictObject({ op: z.literal('mount'), command: z.string() }),
  z.strictObject({ op: z.literal('unmount'), command: z.string() }),
  z.strictObject({ op: z.literal('pivot-root'), command: z.string() }),
  z.strictObject({ op: z.literal('unshare'), command: z.string() }),
  z.strictObject({ op: z.literal('signal'), command: z.string() }),
  z.strictObject({ op: z.literal('bundle'), path: z.string() }),
  z.strictObject({ op: z.literal('dockerd'), path: z.string() }),
  /** `root`: where the runtime keeps its containers; without an id that directory itself. */
  z.strictObject({
    op: z.literal('runc'),
    root: z.string(),
    id: z.string().nullable(),
    runtime: z.enum(['runc', 'crun']),
  }),
  z.strictObject({ op: z.literal('veth'), ...link }),
  z.strictObject({ op: z.literal('bridge'), ...link }),
  z.strictObject({ op: z.literal('pin'), path: z.string(), in: process.nullable() }),
  z.strictObject({ op: z.literal('id-map'), of: z.string() }),
]);

/** Which one it is: a directory or a namespace's file by device and inode, processes by pid and starttime, an interface by its number. */
const identity = z.union([
  z.strictObject({ dev: z.number(), ino: z.number() }),
  z.strictObject({ processes: z.array(process) }),
  z.strictObject({ netns: z.number(), ifindex: z.number().int() }),
]);

const line = z.discriminatedUnion('line', [
  z.strictObject({
    line: z.literal('open'),
    format: z.literal(1),
    lab: z.string().regex(/^[0-9a-f]{8}$/),
    mode: z.enum(['root', 'rootless']),
    runner: z.strictObject({
      pid: z.number().int(),
      starttime: z.number(),
      boot: z.string(),
      pidNamespace: z.string(),
    }),
  }),
  z.strictObject({ line: z.literal('intent'), n: z.number().int(), made }),
  z.strictObject({ line: z.literal('done'), n: z.number().int(), identity }),
  z.strictObject({ line: z.literal('undone'), n: z.number().int() }),
]);

export type LedgerLine = z.infer<typeof line>;
export type Header = Extract<LedgerLine, { line: 'open' }>;
export type Made = z.infer<typeof made>;
export type Identity = z.infer<typeof identity>;

export interface LedgerEntry {
  readonly n: number;
  readonly made: Made;
  /** null: the program ended between the intent and the word that it is done. */
  readonly identity: Identity | null;
  readonly undone: boolean;
}

export interface Journal {
  /** null: the first line is missing or damaged, so that the owner is not known. */
  readonly header: Header | null;
  /** In the order of their intents. */
  readonly entries: readonly LedgerEntry[];
  /** Numbers of lines that could not be used, the torn last one (a crash within a write) left out. */
  readonly damaged: readonly number[];
}

/** Reads a journal's text. Never throws: what is damaged is named, the rest is used. */
export function readJournal(text: string): Journal {
  const lines = text.split('\n');
  const whole = text.endsWith('\n');
  let header: Header | null = null;
  const entries = new Map<number, LedgerEntry>();
  const damaged: number[] = [];
  for (const [at, content] of lines.entries()) {
    if (content === '') continue;
    const parsed = parseLine(content);
    if (parsed === null) {
      if (whole || at !== lines.length - 1) damaged.push(at + 1);
      continue;
    }
    if (parsed.line === 'open') {
      header ??= parsed;
      continue;
    }
    const entry = entries.get(parsed.n);
    if (parsed.line === 'intent') {
      entries.set(parsed.n, { n: parsed.n, made: parsed.made, identity: null, undone: false });
    } else if (entry === undefined) {
      damaged.push(at + 1);
    } else if (parsed.line === 'done') {
      entries.set(parsed.n, { ...entry, identity: parsed.identity });
    } else {
      entries.set(parsed.n, { ...entry, undone: true });
    }
  }
  return { header, entries: [...entries.values()].sort((a, b) => a.n - b.n), damaged };
}

function parseLine(content: string): LedgerLine | null {
  try {
    const parsed = line.safeParse(JSON.parse(content));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/**
 * Why a lab's directory and journal may not be believed: what one of them says may come from another user.
 *
 * @returns null where both are ours alone, or are not there. Throws what lstat(2) says otherwise.
 */
export function distrustOfLab(directory: string, lang: Lang): string | null {
  for (const path of [directory, join(directory, JOURNAL)]) {
    try {
      const reason = distrustOf(path, lang);
      if (reason !== null) return say(lang, CLEANUP.untrusted, { path, reason });
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR') throw error;
    }
  }
  return null;
}

/** The journal in a lab's directory; null where there is none. Not through a link: ELOOP. Ask `distrustOfLab` first. */
export function journalIn(directory: string): Journal | null {
  let fd: number | null = null;
  try {
    fd = openSync(join(directory, JOURNAL), constants.O_RDONLY | constants.O_NOFOLLOW);
    return readJournal(readFileSync(fd, 'utf8'));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

function syncDirectory(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** write(2) may write a part and fail at the next call (a disk that has just become full). */
function append(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
  fsyncSync(fd);
}

/** The name of a lab's directory while it is being made: it tells the owner before there is a journal. */
export const UNBORN = /^\.([0-9a-f]{8})\.(\d+)\.(\d+)$/;

/** Removes the journal and the empty directory of a lab. Throws what the file system says; what is not empty stays. */
export function removeLabDir(directory: string): void {
  rmSync(join(directory, JOURNAL), { force: true });
  rmdirSync(directory);
}

export interface Ledger {
  readonly lab: string;
  /** The lab's own directory; holds the journal. */
  readonly directory: string;
  /** Notes what is about to be made, synced when it returns. Throws what the file system says: then nothing may be made. */
  intend(made: Made): number;
  done(n: number, identity: Identity): void;
  undone(n: number): void;
  entries(): readonly LedgerEntry[];
  /** The number that the next intent gets. */
  next(): number;
  /** Closes the file; the journal stays. */
  close(): void;
}

/**
 * Makes `<labs>/<id>/` with a new random id and a journal whose first line tells who runs the lab. The directory gets its
 * name by a rename when that line is synced, so a lab's directory always has its journal. Throws what the file system says.
 *
 * @param onLine called after each synced line; for tests of crashes.
 */
export function createLedger(
  labs: string,
  mode: Header['mode'],
  runner: Runner,
  onLine: (written: LedgerLine) => void = () => undefined,
): Ledger {
  makeDirectory(labs);
  const lab = randomBytes(4).toString('hex');
  const unborn = join(labs, `.${lab}.${runner.pid}.${runner.starttime}`);
  const directory = join(labs, lab);
  const header: Header = { line: 'open', format: 1, lab, mode, runner: { ...runner } };
  mkdirSync(unborn, { mode: 0o700 });
  let fd: number | null = null;
  try {
    fd = openSync(join(unborn, JOURNAL), 'ax', 0o600);
    append(fd, `${JSON.stringify(header)}\n`);
    syncDirectory(unborn);
    renameSync(unborn, directory);
    syncDirectory(labs);
  } catch (error) {
    if (fd !== null) closeSync(fd);
    rmSync(unborn, { recursive: true, force: true });
    throw error;
  }
  onLine(header);
  return ledgerOver(fd, lab, directory, [], onLine);
}

/** Goes on with the journal of a dead run, to note there what is undone. Not through a link: ELOOP. Ask `distrustOfLab` first. */
export function resumeLedger(directory: string, lab: string, entries: readonly LedgerEntry[]): Ledger {
  const fd = openSync(join(directory, JOURNAL), constants.O_RDWR | constants.O_APPEND | constants.O_NOFOLLOW);
  const size = fstatSync(fd).size;
  const last = Buffer.alloc(1);
  if (size > 0) readSync(fd, last, 0, 1, size - 1);
  // A torn last line must not swallow the next one.
  if (size > 0 && last[0] !== 10) writeSync(fd, '\n');
  return ledgerOver(fd, lab, directory, entries, () => undefined);
}

function ledgerOver(
  fd: number,
  lab: string,
  directory: string,
  before: readonly LedgerEntry[],
  onLine: (written: LedgerLine) => void,
): Ledger {
  const entries = new Map(before.map((entry) => [entry.n, entry]));
  let next = 1;
  for (const n of entries.keys()) next = Math.max(next, n + 1);
  let open = true;
  let torn = false;
  const write = (entry: LedgerLine) => {
    try {
      append(fd, `${torn ? '\n' : ''}${JSON.stringify(entry)}\n`);
      torn = false;
    } catch (error) {
      torn = true;
      throw error;
    }
    onLine(entry);
  };
  const change = (n: number, change: Partial<LedgerEntry>) => {
    const entry = entries.get(n);
    if (entry !== undefined) entries.set(n, { ...entry, ...change });
  };
  return {
    lab,
    directory,
    intend(made) {
      const n = next++;
      entries.set(n, { n, made, identity: null, undone: false });
      try {
        write({ line: 'intent', n, made });
      } catch (error) {
        entries.delete(n);
        throw error;
      }
      return n;
    },
    done(n, identity) {
      change(n, { identity });
      write({ line: 'done', n, identity });
    },
    undone(n) {
      change(n, { undone: true });
      try {
        write({ line: 'undone', n });
      } catch (error) {
        // On a full disk the word is lost and the deed stands: undoing twice finds nothing to undo.
        if (errnoOf(error) === undefined) throw error;
      }
    },
    entries: () => [...entries.values()],
    next: () => next,
    close() {
      if (open) closeSync(fd);
      open = false;
    },
  };
}
