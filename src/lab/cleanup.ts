// Replays the journals of dead runs in reverse, so that nothing of their labs is left. Live runs and what no journal knows are left alone.
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { HostFs } from '../host/fs.ts';
import { type Lang, say } from '../text/lang.ts';
import { shellWords } from './argv.ts';
import { audit } from './audit.ts';
import { labTops } from './cgroupfs.ts';
import { distrustOfLab, journalIn, type LedgerEntry, removeLabDir, resumeLedger, UNBORN } from './ledger.ts';
import { CLEANUP } from './messages.ts';
import { HOST_LINK, netnsOf, ownLinks } from './net.ts';
import { isAlive, runStateOf, sameBoot } from './process.ts';
import { containersIn, findRuntime, runtimeRoot } from './runtime.ts';
import { errnoOf, reasonOf, trustedLabsDir } from './state-dir.ts';
import { type TornDown, tearDown } from './teardown.ts';
import { lstatOf } from './tree.ts';
import type { Leftover } from './types.ts';

export interface CleanedUp {
  /** One line for each thing that was undone. */
  readonly done: readonly string[];
  /** Looks like a lab's and is not, or cannot be told: left alone, with the reason. */
  readonly refused: readonly Leftover[];
  /** Still there: of live labs, and what could not be removed. */
  readonly left: readonly Leftover[];
}

const NOTHING: TornDown = { done: [], refused: [], left: [] };

function labDirectory(lab: string, what: string, reason: string, live = false): Leftover {
  return { kind: 'file', lab, what, proof: shellWords(['ls', '-la', what]), live, reason };
}

/** A directory that its program had not finished making: it holds a journal of one line at most. */
function cleanUnborn(
  fs: HostFs,
  path: string,
  lab: string,
  pid: number,
  starttime: number,
  lang: Lang,
): TornDown {
  if (isAlive(fs, { pid, starttime })) {
    return { ...NOTHING, left: [labDirectory(lab, path, say(lang, CLEANUP.isLive, { lab, pid }), true)] };
  }
  removeLabDir(path);
  return { ...NOTHING, done: [say(lang, CLEANUP.labRemoved, { lab })] };
}

/**
 * What the damaged lines of a journal can have told of: a lab makes nothing but directories and pins below its own directory, containers that its
 * runtime keeps there, cgroups and interfaces named after it. They are as intents without the word that they are done: owned by the name.
 */
function lostEntries(fs: HostFs, path: string, lab: string): readonly LedgerEntry[] {
  const groups = labTops(fs, lab);
  const names = readdirSync(path);
  const root = runtimeRoot(path);
  const named = (kind: 'rootfs' | 'dir' | 'pin' | 'bundle' | 'dockerd') =>
    names.filter((name) => name.startsWith(`${kind}-`)).map((name) => join(path, name));
  const netns = netnsOf(fs, 'self') ?? 0;
  const links = ownLinks(fs).filter((name) => HOST_LINK.exec(name)?.[1] === lab);
  return [
    ...named('rootfs').map((root) => ({ op: 'rootfs', path: root }) as const),
    ...named('dir').map((directory) => ({ op: 'directory', path: directory }) as const),
    ...named('bundle').map((bundle) => ({ op: 'bundle', path: bundle }) as const),
    ...named('dockerd').map((daemon) => ({ op: 'dockerd', path: daemon }) as const),
    ...named('pin').map((pin) => ({ op: 'pin', path: pin, in: null }) as const),
    ...links.map((link) => ({ op: 'veth', link, netns, in: null }) as const),
    ...groups.map((group) => ({ op: 'cgroup', path: group }) as const),
    ...(names.includes(basename(root))
      ? [null, ...containersIn(fs, root)].map(
          (id) => ({ op: 'runc', root, id, runtime: findRuntime() ?? 'runc' }) as const,
        )
      : []),
  ].map((made, at) => ({ n: -1 - at, made, identity: null, undone: false }));
}

async function cleanLab(fs: HostFs, path: string, lab: string, lang: Lang): Promise<TornDown> {
  const journal = journalIn(path);
  if (journal?.header?.lab !== lab) {
    // The journal goes before the directory: an empty one is the last trace of a lab that was closed.
    if (journal === null && readdirSync(path).length === 0) {
      removeLabDir(path);
      return { ...NOTHING, done: [say(lang, CLEANUP.labRemoved, { lab })] };
    }
    return { ...NOTHING, refused: [labDirectory(lab, path, say(lang, CLEANUP.noJournal))] };
  }
  const { runner } = journal.header;
  const state = runStateOf(fs, runner);
  if (state === 'live') {
    const reason = say(lang, CLEANUP.isLive, { lab, pid: runner.pid });
    return { ...NOTHING, left: [labDirectory(lab, path, reason, true)] };
  }
  if (state === 'unknown') {
    return { ...NOTHING, refused: [labDirectory(lab, path, say(lang, CLEANUP.otherPidNamespace, { lab }))] };
  }
  const damaged = journal.damaged.map((line) =>
    labDirectory(lab, path, say(lang, CLEANUP.journalDamaged, { line })),
  );
  const ledger = resumeLedger(path, lab, journal.entries);
  const entries = [...(damaged.length > 0 ? lostEntries(fs, path, lab) : []), ...journal.entries];
  try {
    const torn = await tearDown(ledger, entries, {
      lab,
      directory: path,
      fs,
      lang,
      since: runner.starttime,
      sameBoot: sameBoot(fs, runner),
    });
    if (torn.refused.length > 0 || torn.left.length > 0)
      return { ...torn, refused: [...torn.refused, ...damaged] };
    removeLabDir(path);
    return {
      done: [
        ...torn.done,
        ...damaged.map(({ reason }) => `${lab}: ${reason}`),
        say(lang, CLEANUP.labRemoved, { lab }),
      ],
      refused: [],
      left: [],
    };
  } finally {
    ledger.close();
  }
}

/** Every entry of the labs directory that a lab can have made; others (a file of the user's) are none of our business. */
function labEntries(labs: string): readonly string[] {
  try {
    return readdirSync(labs)
      .filter((name) => /^[0-9a-f]{8}$/.test(name) || UNBORN.test(name))
      .sort();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

async function cleanOne(fs: HostFs, labs: string, name: string, lang: Lang): Promise<TornDown> {
  const path = join(labs, name);
  const [, unborn, pid, starttime] = UNBORN.exec(name) ?? [];
  const lab = unborn ?? name;
  try {
    const distrust = distrustOfLab(path, lang);
    if (distrust !== null) return { ...NOTHING, refused: [labDirectory(lab, path, distrust)] };
    if (lstatOf(path)?.isDirectory() !== true) {
      return { ...NOTHING, refused: [labDirectory(lab, path, say(lang, CLEANUP.noJournal))] };
    }
    if (unborn !== undefined) return cleanUnborn(fs, path, lab, Number(pid), Number(starttime), lang);
    return await cleanLab(fs, path, lab, lang);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    // Another cleanup may have been faster.
    if (errnoOf(error) === 'ENOENT') return NOTHING;
    const reason = say(lang, CLEANUP.stillThere, { reason: reasonOf(error, lang) });
    return { ...NOTHING, left: [labDirectory(lab, path, reason)] };
  }
}

/**
 * Undoes the labs of all dead runs in this state directory. An undo whose identity does not match is refused; what no
 * journal knows is never touched, nor what a journal names that is not ours alone. Throws a UserError (exit 3) where the
 * state directory is not. Safe to be called at any time, and again.
 */
export async function cleanup(options: {
  readonly stateDir: string;
  readonly fs: HostFs;
  readonly lang?: Lang | undefined;
}): Promise<CleanedUp> {
  const { stateDir, fs, lang = 'en' } = options;
  const labs = trustedLabsDir(stateDir, lang);
  const done: string[] = [];
  const refused: Leftover[] = [];
  const left: Leftover[] = [];
  for (const name of labEntries(labs)) {
    const one = await cleanOne(fs, labs, name, lang);
    done.push(...one.done);
    refused.push(...one.refused);
    left.push(...one.left);
  }
  // What is left without a journal is named, so that nobody believes that it was cleaned.
  const known = new Set([...refused, ...left].map(({ kind, what }) => `${kind} ${what}`));
  for (const leftover of await audit({ stateDir, fs, lang })) {
    if (known.has(`${leftover.kind} ${leftover.what}`)) continue;
    (leftover.live ? left : refused).push(leftover);
  }
  return { done, refused, left };
}
