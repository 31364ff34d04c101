// The argument lists by which the lab starts things (util-linux' unshare, nsenter, setpriv), and the same as a learner types them.
// Starts nothing.
import { NS_FACTS, NS_TYPES, type NsType } from '../kernel/namespaces.ts';
import type { LabMode, Propagation } from './types.ts';

/** Words as a shell takes them (sh(1)): quoted only where they need it. */
export function shellWords(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}

/** Stands before the name of a shell variable in words that are otherwise literal; from the private use area. */
const VARIABLE = '\ue000';

function shellWord(word: string): string {
  if (new RegExp(`^[\\w@%+=:,./${VARIABLE}-]+$`).test(word)) return word.replaceAll(VARIABLE, '$');
  const quoted = `'${word.replaceAll("'", `'\\''`)}'`;
  // A single quote ends before a variable and begins after it.
  return quoted.replace(new RegExp(`${VARIABLE}(\\w+)`, 'g'), `'"$$$1"'`);
}

/** What stands for the pid of an actor that has not started yet: a shell variable with its name. */
export function unknownPid(actor: string): string {
  return `${VARIABLE}${actor.toUpperCase().replaceAll('-', '_')}`;
}

/** A user namespace comes first: its capabilities are what the others are made with (user_namespaces(7)). */
const ORDER: readonly NsType[] = ['user', ...NS_TYPES.filter((type) => type !== 'user')];

/** The options of these types; `withUser` stand right after `--user`. */
function options(types: readonly NsType[], withUser: readonly string[]): readonly string[] {
  return ORDER.filter((type) => types.includes(type)).flatMap((type) =>
    type === 'user' ? [NS_FACTS.user.option, ...withUser] : [NS_FACTS[type].option],
  );
}

/** The namespaces that a process gets: what was asked for, and what that cannot do without. In the order of NS_TYPES. */
export function namespacesOf(asked: readonly NsType[], mode: LabMode, mountProc: boolean): readonly NsType[] {
  return NS_TYPES.filter(
    (type) =>
      asked.includes(type) || (type === 'user' && mode === 'rootless') || (type === 'mnt' && mountProc),
  );
}

export interface Unshare {
  readonly namespaces: readonly NsType[];
  readonly fork: boolean;
  /** Directory that becomes the root. */
  readonly root?: string | undefined;
  readonly mountProc?: boolean | undefined;
  /** What stands after `--user`; uid 0 mapped to the caller's own if not given. */
  readonly user?: readonly string[] | undefined;
  /** Of a new mount namespace; unshare(1) makes it private if not given. */
  readonly propagation?: Propagation | undefined;
  readonly command: readonly string[];
}

function unshareOptions(
  { namespaces, fork, root, mountProc, user, propagation }: Unshare,
  kill: boolean,
): readonly string[] {
  return [
    ...options(namespaces, user ?? ['--map-root-user']),
    ...(propagation === undefined ? [] : ['--propagation', propagation]),
    ...(fork ? ['--fork'] : []),
    ...(fork && kill ? ['--kill-child=KILL'] : []),
    ...(root === undefined ? [] : [`--root=${root}`]),
    // unshare(1) mounts it after it has changed the root: this is /proc of the new root.
    ...(mountProc === true ? ['--mount-proc'] : []),
  ];
}

/** Without a namespace there is nothing to unshare: chroot(1) for a root alone, and for nothing the command as it is. */
function plainly({ namespaces, root, command }: Unshare): readonly string[] | null {
  if (namespaces.length > 0) return null;
  return root === undefined ? command : ['chroot', root, ...command];
}

/** unshare(1) as the lab runs it: a forked child dies with it. */
export function unshareArgv(what: Unshare): readonly string[] {
  const plain = plainly(what);
  if (plain !== null) return plain;
  return ['unshare', ...unshareOptions(what, true), '--', ...what.command];
}

/** The same as a learner types it. */
export function unshareShell(what: Unshare): string {
  return shellWords(unshareTyped(what));
}

/** The words of that line. */
export function unshareTyped(what: Unshare): readonly string[] {
  const plain = plainly(what);
  if (plain !== null) return plain;
  const typed = what.mountProc === true ? { ...what, namespaces: withoutImplied(what.namespaces) } : what;
  return ['unshare', ...unshareOptions(typed, false), ...what.command];
}

/** --mount-proc implies --mount. */
function withoutImplied(types: readonly NsType[]): readonly NsType[] {
  return types.filter((type) => type !== 'mnt');
}

export interface Enter {
  /** A pid, or what stands for one where it is not known yet. */
  readonly pid: number | string;
  readonly namespaces: readonly NsType[];
  /** The target has a root of its own: take it. */
  readonly root: boolean;
  /** In a user namespace: uid 0 of it. The ids of before, whatever they are there, if not given. */
  readonly asItsRoot?: boolean;
  readonly command: readonly string[];
}

function enterOptions({ pid, namespaces, root, asItsRoot }: Enter): readonly string[] {
  return [
    '--target',
    String(pid),
    // setgroups(2) is denied in a user namespace that an unprivileged user mapped; the uid is 0 there already.
    ...options(namespaces, asItsRoot === true ? [] : ['--preserve-credentials']),
    // util-linux 2.41 wants a namespace with --root: the target's mount namespace is our own then, and to enter it changes nothing.
    ...(root && namespaces.length === 0 ? [NS_FACTS.mnt.option] : []),
    ...(root ? ['--root', '--wd'] : []),
  ];
}

/** Nothing to enter (a cgroup is all that the actor has of its own): the command as it is. */
function isNothing({ namespaces, root }: Enter): boolean {
  return namespaces.length === 0 && !root;
}

/** nsenter(1) into a process' namespaces. */
export function nsenterArgv(what: Enter): readonly string[] {
  if (isNothing(what)) return what.command;
  return ['nsenter', ...enterOptions(what), '--', ...what.command];
}

/** The same as a learner types it. */
export function nsenterShell(what: Enter): string {
  if (isNothing(what)) return shellWords(what.command);
  return shellWords(['nsenter', ...enterOptions(what), ...what.command]);
}

/** Takes another user and group, and no further groups, then becomes the command (setpriv(1)). */
export function asUser(uid: number | undefined, command: readonly string[]): readonly string[] {
  if (uid === undefined) return command;
  return ['setpriv', '--reuid', String(uid), '--regid', String(uid), '--clear-groups', ...command];
}

/** The same as a learner types it: `command` is a shell line. */
export function asUserShell(uid: number | undefined, command: string): string {
  return uid === undefined ? command : `${shellWords(asUser(uid, []))} ${command}`;
}

/** Runs a command that the kernel kills when this program ends in any way (PR_SET_PDEATHSIG(2const)). */
export function dyingWithUs(command: readonly string[]): readonly string[] {
  return ['setpriv', '--pdeathsig', 'KILL', '--', ...command];
}

const JOIN =
  'n=$1; shift; while [ "$n" -gt 0 ]; do echo 0 > "$1/cgroup.procs" || exit 126; shift; n=$((n-1)); done; exec "$@"';

/** Moves itself into these groups, then becomes the command: no instant of it is outside of them. */
export function inGroups(groups: readonly string[], command: readonly string[]): readonly string[] {
  if (groups.length === 0) return command;
  return ['sh', '-c', JOIN, 'join', String(groups.length), ...groups, ...command];
}

/** The same as a learner types it: `command` is a shell line. A 0 stands for the writer, here the subshell (cgroups(7)). */
export function inGroupsShell(groups: readonly string[], command: string): string {
  if (groups.length === 0) return command;
  const joins = groups.map((group) => `echo 0 > ${shellWord(`${group}/cgroup.procs`)}`);
  // One line where it can be one.
  const short = groups.length === 1 && !command.includes('\n');
  return `(${[...joins, `exec ${command}`].join(short ? ' && ' : ' &&\n')})`;
}
