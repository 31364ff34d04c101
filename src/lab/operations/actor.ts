// Starts an actor: a process in new namespaces that lives until the lab ends it, and dies with this program even by SIGKILL.
// Runs nothing inside it afterwards: see run.ts.
import { setTimeout as sleep } from 'node:timers/promises';
import { type CommandEnd, type Running, start } from '../../host/exec.ts';
import type { HostFs } from '../../host/fs.ts';
import { NS_TYPES, type NsType } from '../../kernel/namespaces.ts';
import type { ProcessRef } from '../../model/types.ts';
import { UserError } from '../../text/errors.ts';
import { type Message, say } from '../../text/lang.ts';
import {
  asUser,
  asUserShell,
  dyingWithUs,
  inGroups,
  inGroupsShell,
  namespacesOf,
  nsenterArgv,
  nsenterShell,
  shellWords,
  unknownPid,
  type Unshare,
  unshareArgv,
  unshareShell,
  unshareTyped,
} from '../argv.ts';
import { ACTOR_MARK, environment } from '../environment.ts';
import { uidFor } from '../ids.ts';
import { ERRORS, NOTES, PLANS } from '../messages.ts';
import { identify } from '../process.ts';
import type { OutputLine } from '../types.ts';
import { MOUNT_ERRORS, MOUNT_PLANS } from './mount-messages.ts';
import {
  type Acting,
  claimName,
  commandOf,
  directoryOf,
  type Doing,
  MADE,
  type MadeBy,
  named,
  note,
  type OperationKind,
  type OperationOf,
  plannedCommand,
} from './operation.ts';
import { entering, isPlain, livingActor } from './run.ts';
import { undoProcesses } from './undo-processes.ts';

const START_SECONDS = 10;

/**
 * A new pid or time namespace is that of the children (pid_namespaces(7), time_namespaces(7)), so the actor is unshare's
 * child there, which dies with it (--kill-child). Else unshare becomes the actor: one process, no parent to lose.
 */
export function forks(namespaces: readonly NsType[]): boolean {
  return namespaces.includes('pid') || namespaces.includes('time');
}

/** The actor that this one starts inside: living, or planned alone. */
interface Outer {
  readonly enter: readonly NsType[];
  readonly root: string | undefined;
}

const HOST: Outer = { enter: [], root: undefined };

/** What unshare(1) is to do. Without root the first user namespace is what all else is made with; an ordinary process needs none. */
function describe(lab: Acting, operation: OperationOf<'actor'>, command: readonly string[]): Unshare {
  const { inside, rootfs } = operation;
  const mountProc = operation.mountProc === true;
  const plain = operation.namespaces.length === 0 && rootfs === undefined && !mountProc;
  const namespaces =
    plain || inside !== undefined
      ? namespacesOf(operation.namespaces, 'root', mountProc)
      : namespacesOf(operation.namespaces, lab.mode, mountProc);
  return {
    namespaces,
    fork: forks(namespaces),
    root: rootfs === undefined ? undefined : directoryOf(lab, 'rootfs', rootfs),
    mountProc,
    user: operation.map === 'none' ? [] : undefined,
    propagation: operation.propagation,
    command,
  };
}

/** The user that it takes before its namespaces are made: within another actor that one's. */
function uidOf(lab: Acting, { inside, map }: OperationOf<'actor'>): number | undefined {
  if (inside === undefined) return uidFor(lab.mode, map);
  return (lab.actors.get(inside) ?? lab.planned.actors.get(inside))?.uid;
}

/** How a learner's shell gets the pid that later lines name. The actor is the child of what forks. */
function pidShell(name: string, forks: number): string {
  const variable = shellWords([unknownPid(name)]).slice(1);
  if (forks === 0) return `${variable}=$!`;
  const child = (of: string, left: number): string =>
    left === 0 ? of : child(`$(pgrep -P ${of})`, left - 1);
  return `sleep 1; ${variable}=${child('$!', forks)}`;
}

/** What one enters to be where the actor is. */
function entry(what: Unshare, outer: Outer): Outer {
  return {
    enter: NS_TYPES.filter((type) => outer.enter.includes(type) || what.namespaces.includes(type)),
    root: what.root ?? outer.root,
  };
}

/** Throws a UserError for what would act on the host, or cannot be. */
function refuse(lab: Acting, operation: OperationOf<'actor'>, what: Unshare): void {
  const { name, propagation, inside, rootfs } = operation;
  const error = (message: Message, values = {}) =>
    new UserError(say(lab.lang, message, { name, inside: inside ?? '', ...values }));
  if (propagation !== undefined && !what.namespaces.includes('mnt')) {
    throw error(MOUNT_ERRORS.propagationNeedsMnt);
  }
  const outer = inside === undefined ? HOST : livingActor(lab, inside);
  if (inside !== undefined && isPlain(outer)) throw error(MOUNT_ERRORS.insideHost);
  if (outer.root !== undefined && rootfs !== undefined) throw error(MOUNT_ERRORS.insideRoot);
  // Peers of the host's mounts would carry every mount of the actor to the host (mount_namespaces(7)).
  const copies = propagation === 'shared' || propagation === 'unchanged';
  if (copies && !outer.enter.includes('mnt')) throw error(MOUNT_ERRORS.propagationToHost, { propagation });
}

/** Children of a process (proc_pid_task_tid_children(5)); kernels without CONFIG_PROC_CHILDREN have no such file. */
function childOf(fs: HostFs, pid: number): number | null {
  const text = fs.readText(`/proc/${pid}/task/${pid}/children`);
  const first = text.ok ? Number(text.value.trim().split(' ')[0]) : 0;
  return first > 0 ? first : null;
}

/** The actor, once it has executed its command in the namespaces that it shall have; null as long as it has not. */
function ready(fs: HostFs, leader: number, what: Unshare, name: string): ProcessRef | null {
  // nsenter and unshare fork for a pid namespace: the actor is what they started in the end.
  for (
    let pid: number | null = leader, depth = 0;
    pid !== null && depth < 4;
    pid = childOf(fs, pid), depth++
  ) {
    const found = readyAt(fs, pid, what, name);
    if (found !== null) return found;
  }
  return null;
}

function readyAt(fs: HostFs, pid: number, what: Unshare, name: string): ProcessRef | null {
  const environ = fs.readText(`/proc/${pid}/environ`);
  if (!environ.ok || !environ.value.split('\0').includes(`${ACTOR_MARK}=${name}`)) return null;
  // env(1) is gone once its own argument list is.
  const argv = fs.readText(`/proc/${pid}/cmdline`);
  if (!argv.ok || argv.value === '') return null;
  for (const type of what.namespaces) {
    const own = fs.readLink(`/proc/self/ns/${type}`);
    const its = fs.readLink(`/proc/${pid}/ns/${type}`);
    if (own.ok && its.ok && own.value === its.value) return null;
  }
  return identify(fs, pid);
}

/** Waits until the actor runs its command. Throws a UserError when it ends before, takes too long, or the caller gives up. */
async function whenReady(
  lab: Acting,
  doing: Doing,
  running: Running,
  what: Unshare,
  name: string,
  stderr: readonly string[],
): Promise<ProcessRef> {
  const { fs, lang } = lab;
  const failed = (reason: string) =>
    new UserError(say(lang, ERRORS.actorFailed, { name, reason }), { exitCode: 3 });
  let end: CommandEnd | null = null;
  void running.ended.then((ended) => {
    end = ended;
  });
  const over = (): CommandEnd | null => end;
  const until = Date.now() + START_SECONDS * 1000;
  for (let pause = 1; ; pause = Math.min(pause * 2, 20)) {
    if (doing.signal.aborted) throw new UserError(say(lang, ERRORS.interrupted));
    const ended = over();
    if (ended !== null) {
      if (ended.exit === 127 && ended.failure !== null) {
        throw new UserError(say(lang, ERRORS.notStarted, { command: 'setpriv', reason: ended.failure }), {
          hint: say(lang, ERRORS.installUtilLinux),
          exitCode: 3,
        });
      }
      throw failed(stderr[0] ?? say(lang, ERRORS.exited, { status: ended.exit }));
    }
    const found = ready(fs, running.pid, what, name);
    if (found !== null) return found;
    if (Date.now() > until) throw failed(say(lang, ERRORS.actorSlow, { seconds: START_SECONDS }));
    await sleep(pause);
  }
}

export const actor: OperationKind<OperationOf<'actor'>, MadeBy<'actor'>> = {
  plan(operation, lab) {
    const what = describe(lab, operation, plannedCommand(lab, operation.command));
    const { groups: made, planned } = lab;
    const groups =
      operation.cgroup === undefined
        ? []
        : (made.get(operation.cgroup) ?? planned.groups.get(operation.cgroup) ?? []);
    const { inside } = operation;
    const outer =
      inside === undefined ? HOST : (lab.actors.get(inside) ?? planned.actors.get(inside) ?? HOST);
    const uid = uidOf(lab, operation);
    planned.actors.set(operation.name, { ...entry(what, outer), groups, uid });
    const shell =
      inside === undefined ? unshareShell(what) : nsenterShell(entering(lab, inside, unshareTyped(what)));
    const types = what.namespaces.join(' ');
    const plain = isPlain(entry(what, outer));
    return {
      shell: [
        `${inGroupsShell(groups, asUserShell(uid, shell))} &`,
        pidShell(operation.name, (outer.enter.includes('pid') ? 1 : 0) + (what.fork ? 1 : 0)),
      ].join('\n'),
      touches: plain
        ? say(lab.lang, MOUNT_PLANS.plainTouches)
        : types === ''
          ? say(lab.lang, PLANS.actorTouchesNone)
          : say(lab.lang, PLANS.actorTouches, { types }),
      undo: say(lab.lang, types === '' ? MOUNT_PLANS.plainUndo : PLANS.actorUndo),
      privileged: lab.mode === 'root',
    };
  },

  async perform(operation, lab, doing) {
    const { name } = operation;
    claimName(lab, ERRORS.kindActor, name, lab.actors);
    if (operation.rootfs !== undefined) named(lab, ERRORS.kindRootfs, operation.rootfs, lab.rootfs);
    const groups =
      operation.cgroup === undefined ? [] : named(lab, ERRORS.kindCgroup, operation.cgroup, lab.groups);
    const command = ['env', `${ACTOR_MARK}=${name}`, ...commandOf(lab, operation.command)];
    const what = describe(lab, operation, command);
    refuse(lab, operation, what);
    const { inside } = operation;
    const argv =
      inside === undefined ? unshareArgv(what) : nsenterArgv(entering(lab, inside, unshareArgv(what)));
    const outer = inside === undefined ? HOST : livingActor(lab, inside);
    const uid = uidOf(lab, operation);
    // A change of the user takes the parent's-death signal away (prctl(2), PR_SET_PDEATHSIG), so it is asked for again.
    const as = uid === undefined ? argv : asUser(uid, dyingWithUs(argv));
    const stderr: string[] = [];
    const output: OutputLine[] = [];
    let starting = true;

    const n = lab.ledger.intend({ op: 'actor', name });
    const running = await start(dyingWithUs(inGroups(groups, as)), {
      env: environment(lab.id),
      cwd: '/',
      onLine: (line) => {
        if (!starting) return;
        if (line.stream === 'stderr') stderr.push(line.text);
        output.push(line);
        doing.say(line);
      },
    });
    try {
      const ref = await whenReady(lab, doing, running, what, name, stderr);
      const leader = identify(lab.fs, running.pid);
      const processes = leader === null || leader.pid === ref.pid ? [ref] : [leader, ref];
      lab.ledger.done(n, { processes });
      lab.actors.set(name, {
        ...ref,
        name,
        namespaces: what.namespaces,
        ...entry(what, outer),
        groups,
        running,
        uid,
      });
      note(doing, say(lab.lang, NOTES.actorRuns, { name, pid: ref.pid }));
      return { ...MADE, output };
    } catch (error) {
      running.kill();
      await running.ended;
      throw error;
    } finally {
      starting = false;
    }
  },

  undo: undoProcesses,
};
