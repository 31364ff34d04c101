// Shells to look around with: the command that opens one inside any process of this host or on the host itself, and the end of all that one has
// started. Starts nothing.
import { setTimeout as sleep } from 'node:timers/promises';
import type { HostFs } from '../host/fs.ts';
import { NS_TYPES, type NsType } from '../kernel/namespaces.ts';
import { sessionOf } from '../kernel/proc/stat.ts';
import { parseIdMap } from '../kernel/proc/uid-map.ts';
import type { Unread } from '../kernel/reading.ts';
import type { ProcessRef } from '../model/types.ts';
import { UserError } from '../text/errors.ts';
import { type Lang, say } from '../text/lang.ts';
import { asUser, asUserShell, type Enter, nsenterArgv, nsenterShell, shellWords } from './argv.ts';
import { bareEnvironment } from './environment.ts';
import { identify, killAll, signalProcess } from './process.ts';
import { SHELL } from './shell-messages.ts';
import type { ShellCommand } from './types.ts';

/** Without job control on a terminal that others use: a shell in a pid namespace cannot see our process group, takes it and cannot give it back. */
export function jobControl(term: string | null): readonly string[] {
  return term === null ? ['+m'] : [];
}

/** Words of env(1) that give a shell this environment, its terminal's TERM, and a prompt that says where it is. */
export function shellEnvironment(
  variables: Readonly<Record<string, string>>,
  place: string,
  term: string | null,
): readonly string[] {
  const all = term === null ? variables : { ...variables, TERM: term };
  // Shells expand their prompt: a process can have any name.
  const prompt = place.replace(/[^\w.-]+/g, '_');
  return ['env', '-i', ...Object.entries(all).map(([key, value]) => `${key}=${value}`), `PS1=${prompt}# `];
}

/** The user's own shell where he names one, on the host. */
export function hostShell(env: Readonly<Record<string, string | undefined>>): ShellCommand {
  const own = env['SHELL'];
  const shell = own?.startsWith('/') === true ? own : 'sh';
  return { argv: [shell], typed: shellWords([shell]) };
}

/** Where an image may have its shell: the words that run it. */
const SHELLS: readonly (readonly string[])[] = [
  ['/bin/sh'],
  ['/usr/bin/sh'],
  ['/bin/bash'],
  ['/bin/ash'],
  ['/bin/busybox', 'sh'],
  ['/usr/bin/busybox', 'sh'],
  ['/busybox/sh'],
];

/**
 * A shell inside a process: nsenter(1) into all of its namespaces that are not ours, and its root directory where that is another; not into its
 * cgroups. Null where there is nothing to enter: it is a process of the host.
 *
 * @param of what it is called, for the prompt and for errors.
 * @param term as in Lab.shellIn.
 * @throws UserError where it has ended, has no shell in its file system, or entering it needs rights that we do not have (exit 3).
 */
export function shellInProcess(
  fs: HostFs,
  ref: ProcessRef,
  { of, term, lang, uid }: { of: string; term: string | null; lang: Lang; uid: number },
): ShellCommand | null {
  const at = `/proc/${ref.pid}`;
  if (identify(fs, ref.pid)?.starttime !== ref.starttime)
    throw new UserError(say(lang, SHELL.ended, { of, pid: ref.pid }));
  const denied = (what: Unread | null): UserError =>
    new UserError(say(lang, SHELL.denied, { of, path: what?.path ?? `${at}/ns` }), {
      hint: say(lang, SHELL.deniedHint),
      exitCode: 3,
    });
  const namespaces: NsType[] = [];
  for (const type of NS_TYPES) {
    const [own, theirs] = [fs.readLink(`/proc/self/ns/${type}`), fs.readLink(`${at}/ns/${type}`)];
    if (!theirs.ok && theirs.why === 'denied') throw denied(theirs);
    if (own.ok && theirs.ok && own.value !== theirs.value) namespaces.push(type);
  }
  const [ownRoot, theirRoot] = [fs.readLink('/proc/self/root'), fs.readLink(`${at}/root`)];
  if (!theirRoot.ok) throw denied(theirRoot);
  const root = !ownRoot.ok || theirRoot.value !== ownRoot.value;
  if (namespaces.length === 0 && !root) return null;
  // setns(2): CAP_SYS_ADMIN in the namespace's owner, which nobody but root has outside of a user namespace of his own.
  if (uid !== 0 && !namespaces.includes('user')) throw denied(null);
  const here = namespaces.includes('mnt') || root;
  const shell = here ? SHELLS.find(([file = '']) => fs.stat(`${at}/root${file}`).ok) : ['sh'];
  if (shell === undefined) {
    const others = namespaces.filter((type) => type !== 'mnt' && type !== 'user');
    const bare: Enter = { pid: ref.pid, namespaces: others, root: false, command: ['sh'] };
    throw new UserError(say(lang, SHELL.none, { of }), {
      hint: say(lang, SHELL.noneHint, { command: nsenterShell(bare) }),
    });
  }
  const as = namespaces.includes('user') ? userOf(fs, at, uid) : { asItsRoot: false };
  const enter = { pid: ref.pid, namespaces, root, asItsRoot: as.asItsRoot };
  const entered = nsenterArgv({ ...enter, command: [...shell, ...jobControl(term)] });
  return {
    argv: [...shellEnvironment(bareEnvironment(), of, term), ...asUser(as.uid, entered)],
    typed: asUserShell(as.uid, nsenterShell({ ...enter, command: shell })),
  };
}

/**
 * Who enters a user namespace: root becomes its uid 0; where setgroups(2) is denied (the map was written by an ordinary user) that cannot
 * be done inside, and root first becomes who is uid 0 in there. An ordinary user stays who he is.
 */
function userOf(fs: HostFs, at: string, uid: number): { asItsRoot: boolean; uid?: number } {
  if (uid !== 0) return { asItsRoot: false };
  const setgroups = fs.readText(`${at}/setgroups`);
  if (!setgroups.ok || setgroups.value.trim() !== 'deny') return { asItsRoot: true };
  const map = fs.readText(`${at}/uid_map`);
  const first = map.ok
    ? parseIdMap(map.value, `${at}/uid_map`).find(({ inside }) => inside === 0)
    : undefined;
  return first === undefined || first.outside === 0
    ? { asItsRoot: false }
    : { asItsRoot: false, uid: first.outside };
}

/** How long what a terminal's hang-up ends has for it. */
const HANG_UP_MS = 1_000;

/**
 * Ends all processes of a session (setsid(2)), whatever their groups: as a terminal that hangs up does, and those that stay by SIGKILL. What has
 * left the session is none of it.
 */
export async function endSession(fs: HostFs, session: number): Promise<void> {
  const members = (): readonly ProcessRef[] => {
    const names = fs.list('/proc');
    return (names.ok ? names.value : []).flatMap((name) => {
      if (!/^[1-9]\d*$/.test(name)) return [];
      const text = fs.readText(`/proc/${name}/stat`);
      if (!text.ok || sessionOf(text.value) !== session) return [];
      const ref = identify(fs, Number(name));
      return ref === null ? [] : [ref];
    });
  };
  for (const ref of members()) {
    signalProcess(fs, ref, 'SIGHUP');
    // A stopped one hangs up when it goes on.
    signalProcess(fs, ref, 'SIGCONT');
  }
  const until = Date.now() + HANG_UP_MS;
  while (members().length > 0 && Date.now() < until) await sleep(20);
  await killAll(fs, members);
}
