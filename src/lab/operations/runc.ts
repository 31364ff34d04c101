// One command of an OCI runtime on the lab's own containers: its --root is below the lab's directory, ids carry the lab's id. What makes a
// container is runc-create.ts, what undoes one runc-undo.ts.
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../host/exec.ts';
import { UserError } from '../../text/errors.ts';
import { type Lang, say } from '../../text/lang.ts';
import { clean } from '../../text/sanitize.ts';
import { dyingWithUs, shellWords } from '../argv.ts';
import { environment } from '../environment.ts';
import { ERRORS } from '../messages.ts';
import { isAlive } from '../process.ts';
import { findRuntime, outputOf, type RuntimeName, runtimeRoot } from '../runtime.ts';
import type { OperationResult } from '../types.ts';
import { needRuntime } from './bundle.ts';
import { refuseHostAct, runCommand } from './command.ts';
import {
  type Acting,
  commandOf,
  type Container,
  containerId,
  directoryOf,
  type Doing,
  type LiveActor,
  type MadeBy,
  named,
  note,
  type OperationKind,
  type OperationOf,
  plannedCommand,
} from './operation.ts';
import { createContainer, createPlan, makeReady, runToItsEnd } from './runc-create.ts';
import { KINDS, RUNC_ERRORS, RUNC_NOTES, RUNC_PLANS } from './runc-messages.ts';
import { undoRunc } from './runc-undo.ts';
import { makesContainer, runcFault } from './runc-verbs.ts';

type Runc = OperationOf<'runc'>;

/** Verbs that change nothing. */
const LOOKS: readonly Runc['verb'][] = ['state', 'list'];

/** Options of runc update(8) by neutral name. */
const UPDATES: Readonly<Record<string, string>> = {
  'memory.limit': '--memory',
  'memory.low': '--memory-reservation',
  'memory.softLimit': '--memory-reservation',
  'pids.limit': '--pids-limit',
  'cpu.quota': '--cpu-quota',
  'cpu.period': '--cpu-period',
  'cpu.shares': '--cpu-share',
  'cpuset.cpus': '--cpuset-cpus',
  'cpuset.mems': '--cpuset-mems',
};

/** How long a container may take to execute its program, or to end by a signal, before what is seen is said. */
const START_MS = 5000;
const SETTLE_MS = 300;

function updateOptions(lang: Lang, limits: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(limits).flatMap(([name, value]) => {
    const option = UPDATES[name];
    if (option === undefined) throw new UserError(say(lang, RUNC_ERRORS.noUpdate, { name }));
    return [option, value === 'max' ? '-1' : value];
  });
}

/** The words after `runc --root R`; `command` is that of exec. */
function wordsOf(lab: Acting, operation: Runc, command: readonly string[]): readonly string[] {
  const { verb, container = '', signal = '', limits = {} } = operation;
  const id = containerId(lab, operation.name ?? container);
  switch (verb) {
    case 'create':
    case 'run': {
      const detach = verb === 'run' && operation.detach === true ? ['--detach'] : [];
      const bundle = directoryOf(lab, 'bundle', operation.bundle ?? '');
      return [verb, ...detach, '--bundle', bundle, id];
    }
    case 'exec':
      return ['exec', id, ...command];
    case 'kill':
      return ['kill', id, signal];
    case 'update':
      return ['update', ...updateOptions(lab.lang, limits), id];
    case 'delete':
      return ['delete', ...(operation.force === true ? ['--force'] : []), id];
    case 'list':
      return ['list'];
    default:
      return [verb, id];
  }
}

function runtimeArgv(lab: Acting, runtime: string, words: readonly string[]): readonly string[] {
  return [runtime, '--root', runtimeRoot(lab.ledger.directory), ...words];
}

/** True for what leaves a process behind that holds the runtime's own output: it goes to a file then. */
function leaves({ verb, detach }: Runc): boolean {
  return verb === 'create' || (verb === 'run' && detach === true);
}

interface Held {
  readonly name: string;
  readonly container: Container;
  readonly actor: LiveActor;
}

function heldBy(lab: Acting, operation: Runc): Held {
  const { container: name = '' } = operation;
  const container = named(lab, KINDS.container, name, lab.containers);
  return { name, container, actor: named(lab, ERRORS.kindActor, name, lab.actors) };
}

function commOf(lab: Acting, pid: number): string {
  const comm = lab.fs.readText(`/proc/${pid}/comm`);
  return comm.ok ? clean(comm.value.trimEnd()) : '?';
}

/** Waits until the container's process is another program than `before`, which was the runtime's own. */
async function whenExecuted(lab: Acting, doing: Doing, actor: LiveActor, before: string | null) {
  const until = Date.now() + START_MS;
  while (isAlive(lab.fs, actor) && Date.now() < until && !doing.signal.aborted) {
    const exe = lab.fs.readLink(`/proc/${actor.pid}/exe`);
    if (exe.ok && exe.value !== before) break;
    await sleep(5);
  }
}

async function start(lab: Acting, doing: Doing, argv: readonly string[], operation: Runc) {
  const { name, actor } = heldBy(lab, operation);
  const exe = lab.fs.readLink(`/proc/${actor.pid}/exe`);
  const result = await runCommand(lab, doing, null, argv, operation.exits);
  if (result.exit === 0) {
    await whenExecuted(lab, doing, actor, exe.ok ? exe.value : null);
    const { pid } = actor;
    note(
      doing,
      isAlive(lab.fs, actor)
        ? say(lab.lang, RUNC_NOTES.startedNow, { name, pid, comm: commOf(lab, pid) })
        : say(lab.lang, RUNC_NOTES.ended, { name }),
    );
  }
  return result;
}

async function settle(lab: Acting, doing: Doing, actor: LiveActor, ms: number): Promise<void> {
  const until = Date.now() + ms;
  while (isAlive(lab.fs, actor) && Date.now() < until && !doing.signal.aborted) await sleep(20);
}

/** True where a signal waits for the process (proc_pid_status(5)), as it does while it is frozen. */
function hasPending(lab: Acting, { pid }: LiveActor): boolean {
  const status = lab.fs.readText(`/proc/${pid}/status`);
  return status.ok && /^(Sig|Shd)Pnd:\s*0*[1-9a-f]/m.test(status.value);
}

async function resume(lab: Acting, doing: Doing, argv: readonly string[], operation: Runc) {
  const { actor } = heldBy(lab, operation);
  const pending = hasPending(lab, actor);
  const result = await runCommand(lab, doing, null, argv, operation.exits);
  if (pending) await settle(lab, doing, actor, SETTLE_MS * 3);
  return result;
}

async function kill(lab: Acting, doing: Doing, argv: readonly string[], operation: Runc) {
  const { name, actor } = heldBy(lab, operation);
  const result = await runCommand(lab, doing, null, argv, operation.exits);
  // KILL does end it, sooner or later; of another signal nobody knows.
  await settle(lab, doing, actor, operation.signal === 'KILL' ? START_MS : SETTLE_MS);
  note(doing, say(lab.lang, isAlive(lab.fs, actor) ? RUNC_NOTES.runs : RUNC_NOTES.ended, { name }));
  return result;
}

async function remove(lab: Acting, doing: Doing, argv: readonly string[], operation: Runc) {
  const { container, actor } = heldBy(lab, operation);
  const result = await runCommand(lab, doing, null, argv, operation.exits);
  const { directory } = lab.ledger;
  const there = lab.fs.stat(`${runtimeRoot(directory)}/${container.id}`).ok;
  if (!there) {
    actor.running.kill();
    await actor.running.ended;
    await run('rm', ['-f', outputOf(directory, container.id)], { env: environment(lab.id) });
    lab.ledger.undone(container.n);
  }
  return result;
}

async function act(
  lab: Acting,
  doing: Doing,
  runtime: RuntimeName,
  argv: readonly string[],
  operation: Runc,
): Promise<OperationResult> {
  const dying = dyingWithUs(argv);
  if (operation.verb === 'list') {
    makeReady(lab, doing, runtime);
    return await runCommand(lab, doing, null, dying, operation.exits);
  }
  if (operation.verb === 'start') return await start(lab, doing, dying, operation);
  if (operation.verb === 'resume') return await resume(lab, doing, dying, operation);
  if (operation.verb === 'kill') return await kill(lab, doing, dying, operation);
  if (operation.verb === 'delete') return await remove(lab, doing, dying, operation);
  const { name, actor } = heldBy(lab, operation);
  if (operation.verb !== 'exec') return await runCommand(lab, doing, null, dying, operation.exits);
  const command = commandOf(lab, operation.command ?? []);
  refuseHostAct(lab, name, actor.enter, command, operation.command ?? []);
  const made = { op: 'run', command: shellWords(command) } as const;
  return await runCommand(lab, doing, made, dying, operation.exits);
}

function checkFields(lab: Acting, operation: Runc): void {
  const field = runcFault(operation);
  if (field === null) return;
  throw new UserError(say(lab.lang, RUNC_ERRORS.badFields, { verb: operation.verb, field }));
}

export const runc: OperationKind<Runc, MadeBy<'runc'>> = {
  plan(operation, lab) {
    checkFields(lab, operation);
    const runtime = findRuntime() ?? 'runc';
    const command = plannedCommand(lab, operation.command ?? []);
    const line = shellWords(runtimeArgv(lab, runtime, wordsOf(lab, operation, command)));
    if (makesContainer(operation.verb)) {
      const id = containerId(lab, operation.name ?? '');
      const output = shellWords([outputOf(lab.ledger.directory, id)]);
      const shell = leaves(operation) ? `${line} </dev/null >${output} 2>&1` : line;
      return createPlan(lab, operation, runtime, shell);
    }
    const looks = LOOKS.includes(operation.verb);
    const { container: name = '' } = operation;
    return {
      shell: line,
      touches: looks ? say(lab.lang, RUNC_PLANS.looks) : say(lab.lang, RUNC_PLANS.actTouches, { name }),
      undo: looks ? say(lab.lang, RUNC_PLANS.nothing) : say(lab.lang, RUNC_PLANS.actUndo, { name }),
      privileged: lab.mode === 'root',
      ...(looks ? { looksOnly: true } : {}),
    };
  },

  async perform(operation, lab, doing) {
    checkFields(lab, operation);
    const runtime = needRuntime(lab.lang);
    const command = operation.verb === 'exec' ? commandOf(lab, operation.command ?? []) : [];
    const argv = runtimeArgv(lab, runtime, wordsOf(lab, operation, command));
    if (leaves(operation)) return await createContainer(lab, doing, operation, runtime, argv);
    if (operation.verb === 'run') return await runToItsEnd(lab, doing, operation, runtime, argv);
    return await act(lab, doing, runtime, argv, operation);
  },

  undo: undoRunc,
};
