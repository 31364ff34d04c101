// Starts an actor: a process in new namespaces that lives until the lab ends it, and dies with this program even by SIGKILL.
// Runs nothing inside it afterwards: see run.ts.
import { setTimeout as sleep } from 'node:timers/promises';
import { type CommandEnd, type Running, start } from '../../host/exec.ts';
import type { HostFs } from '../../host/fs.ts';
import type { NsType } from '../../kernel/namespaces.ts';
import type { ProcessRef } from '../../model/types.ts';
import { UserError } from '../../text/errors.ts';
import { say } from '../../text/lang.ts';
import {
  asUser,
  asUserShell,
  dyingWithUs,
  inGroups,
  inGroupsShell,
  namespacesOf,
  shellWords,
  unknownPid,
  type Unshare,
  unshareArgv,
  unshareShell,
} from '../argv.ts';
import { ACTOR_MARK, environment } from '../environment.ts';
import { uidFor } from '../ids.ts';
import { ERRORS, NOTES, PLANS } from '../messages.ts';
import { identify } from '../process.ts';
import type { OutputLine } from '../types.ts';
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
import { undoProcesses } from './undo-processes.ts';

const START_SECONDS = 10;

/**
 * A new pid or time namespace is that of the children (pid_namespaces(7), time_namespaces(7)), so the actor is unshare's
 * child there, which dies with it (--kill-child). Else unshare becomes the actor: one process, no parent to lose.
 */
export function forks(namespaces: readonly NsType[]): boolean {
  return namespaces.includes('pid') || namespaces.includes('time');
}

function describe(lab: Acting, operation: OperationOf<'actor'>, command: readonly string[]): Unshare {
  const mountProc = operation.mountProc === true;
  const namespaces = namespacesOf(operation.namespaces, lab.mode, mountProc);
  return {
    namespaces,
    fork: forks(namespaces),
    root: operation.rootfs === undefined ? undefined : directoryOf(lab, 'rootfs', operation.rootfs),
    mountProc,
    user: operation.map === 'none' ? [] : undefined,
    command,
  };
}

/** How a learner's shell gets the pid that later lines name. The actor is unshare's child where that forks. */
function pidShell(name: string, fork: boolean): string {
  const variable = shellWords([unknownPid(name)]).slice(1);
  return fork ? `sleep 1; ${variable}=$(pgrep -P $!)` : `${variable}=$!`;
}

/** Children of a process (proc_pid_task_tid_children(5)); kernels without CONFIG_PROC_CHILDREN have no such file. */
function childOf(fs: HostFs, pid: number): number | null {
  const text = fs.readText(`/proc/${pid}/task/${pid}/children`);
  const first = text.ok ? Number(text.value.trim().split(' ')[0]) : 0;
  return first > 0 ? first : null;
}

/** The actor, once it has executed its command in the namespaces that it shall have; null as long as it has not. */
function ready(fs: HostFs, leader: number, what: Unshare, name: string): ProcessRef | null {
  const pid = what.fork ? childOf(fs, leader) : leader;
  if (pid === null) return null;
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
    const uid = uidFor(lab.mode, operation.map);
    planned.actors.set(operation.name, { namespaces: what.namespaces, root: what.root, groups, uid });
    const types = what.namespaces.join(' ');
    return {
      shell: [
        `${inGroupsShell(groups, asUserShell(uid, unshareShell(what)))} &`,
        pidShell(operation.name, what.fork),
      ].join('\n'),
      touches:
        types === '' ? say(lab.lang, PLANS.actorTouchesNone) : say(lab.lang, PLANS.actorTouches, { types }),
      undo: say(lab.lang, PLANS.actorUndo),
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
    const uid = uidFor(lab.mode, operation.map);
    const unshare = unshareArgv(what);
    // A change of the user takes the parent's-death signal away (prctl(2), PR_SET_PDEATHSIG), so it is asked for again.
    const as = uid === undefined ? unshare : asUser(uid, dyingWithUs(unshare));
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
        root: what.root,
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
