// Where nscope keeps what must outlive a run: progress, and the journals and files of labs. Makes the directory, writes nothing into it.
import { accessSync, constants, lstatSync, mkdirSync, type Stats, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { UserError } from '../text/errors.ts';
import { type Lang, type Message, langOf, say } from '../text/lang.ts';
import { ERRORS } from './messages.ts';

/** The errno name of a failed system call, undefined for any other error. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const REASONS: Readonly<Record<string, Message>> = {
  EROFS: ERRORS.reasonReadOnly,
  ENOSPC: ERRORS.reasonFull,
  EDQUOT: ERRORS.reasonFull,
  EACCES: ERRORS.reasonDenied,
  EPERM: ERRORS.reasonDenied,
  ENOTDIR: ERRORS.reasonNotDirectory,
  EEXIST: ERRORS.reasonNotDirectory,
};

/** What an errno means in one or two words; the errno itself where there is nothing better to say. */
export function reasonOf(error: unknown, lang: Lang): string {
  const code = errnoOf(error);
  if (code === undefined) return error instanceof Error ? error.message : String(error);
  const known = REASONS[code];
  return known === undefined ? code : say(lang, known);
}

/** The one error for a state directory that cannot be made or written (exit 3). */
export function stateDirError(path: string, error: unknown, lang: Lang): UserError {
  return new UserError(say(lang, ERRORS.stateNotUsable, { path, reason: reasonOf(error, lang) }), {
    hint: say(lang, ERRORS.stateHint),
    exitCode: 3,
    cause: error,
  });
}

/**
 * Makes a directory of mode 0700 and what is missing above it; one that is there stays as it is. Throws what the file
 * system says: Node's own recursive mkdir answers ENOENT on a read-only one.
 */
export function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'EEXIST' && statSync(path).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    makeDirectory(dirname(path));
    mkdirSync(path, { mode: 0o700 });
  }
}

/**
 * Why what is at a path may not be believed: it is a symbolic link, is not owned by the effective uid (root is no
 * exception: it would kill and remove what another user names), or may be written by others. What is in a directory that
 * passes cannot be exchanged by them. Throws what lstat(2) says.
 *
 * @returns null where it is ours alone.
 */
export function distrustOf(path: string, lang: Lang): string | null {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return say(lang, ERRORS.reasonLink);
  const uid = process.geteuid?.();
  if (uid !== undefined && stat.uid !== uid) return say(lang, ERRORS.reasonForeign, { uid: stat.uid });
  return isOpen(stat) ? say(lang, ERRORS.reasonOpen, { mode: (stat.mode & 0o7777).toString(8) }) : null;
}

/** Group or others may write to it; an ACL's mask is in the group's bits (acl(5)). */
function isOpen({ mode }: Stats): boolean {
  return (mode & 0o022) !== 0;
}

function refuseUntrusted(path: string, lang: Lang): void {
  const reason = distrustOf(path, lang);
  if (reason === null) return;
  throw new UserError(say(lang, ERRORS.stateNotUsable, { path, reason }), {
    hint: say(lang, ERRORS.stateHint),
    exitCode: 3,
  });
}

/**
 * `$XDG_STATE_HOME/nscope`, or `~/.local/state/nscope`; nothing is made. A relative XDG_STATE_HOME is ignored, as the XDG Base Directory
 * Specification has it.
 */
export function statePath(env: Readonly<Record<string, string | undefined>>): string {
  const home = env['XDG_STATE_HOME'];
  const base =
    home !== undefined && isAbsolute(home) ? home : join(env['HOME'] || homedir(), '.local', 'state');
  return join(base, 'nscope');
}

/**
 * The directory of `statePath`, made with mode 0700 where it is not there yet. Throws a UserError (exit 3) with a hint where it cannot be made or written, is no directory, or is not ours alone (`distrustOf`).
 */
export function stateDir(
  env: Readonly<Record<string, string | undefined>>,
  lang: Lang = langOf(env),
): string {
  const path = statePath(env);
  try {
    makeDirectory(path);
    accessSync(path, constants.W_OK | constants.X_OK);
    refuseUntrusted(path, lang);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw stateDirError(path, error, lang);
  }
  return path;
}

/** Where the labs of a state directory are. */
export function labsDir(stateDir: string): string {
  return join(stateDir, 'labs');
}

/**
 * The same, when what is there may be believed; what is not there yet may. Throws a UserError (exit 3) where the state
 * directory or the labs directory is not ours alone.
 */
export function trustedLabsDir(stateDir: string, lang: Lang): string {
  const labs = labsDir(stateDir);
  for (const path of [stateDir, labs]) {
    try {
      refuseUntrusted(path, lang);
    } catch (error) {
      if (!['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '')) throw error;
    }
  }
  return labs;
}
