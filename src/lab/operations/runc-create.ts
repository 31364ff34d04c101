// Makes a container by the runtime, in the ledger, and follows its first process from `create` on. It ends when this program ends, although the
// runtime leaves it to itself: a keeper sees to that.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run, type Running, start } from '../../host/exec.ts';
import type { HostFs } from '../../host/fs.ts';
import { NS_TYPES, type NsType } from '../../kernel/namespaces.ts';
import type { ProcessRef } from '../../model/types.ts';
import { UserError } from '../../text/errors.ts';
import { say } from '../../text/lang.ts';
import { cleanLines } from '../../text/lines.ts';
import { clean } from '../../text/sanitize.ts';
import { dyingWithUs } from '../argv.ts';
import { SPEC_NAMESPACES } from '../bundle.ts';
import { hierarchiesOf, labCgroup } from '../cgroupfs.ts';
import { environment } from '../environment.ts';
import { ERRORS } from '../messages.ts';
import { identify, isAlive } from '../process.ts';
import { initOf, outputOf, type RuntimeName, runtimeRoot } from '../runtime.ts';
import { reasonOf } from '../state-dir.ts';
import { lstatOf } from '../tree.ts';
import type { OperationPlan, OperationResult } from '../types.ts';
import { isClosedTo, isOwnTop, make } from './cgroup.ts';
import { runCommand } from './command.ts';
import {
  type Acting,
  type Bundle,
  claimName,
  containerId,
  directoryOf,
  type Doing,
  named,
  note,
  type OperationOf,
} from './operation.ts';
import { KINDS, RUNC_ERRORS, RUNC_NOTES, RUNC_PLANS } from './runc-messages.ts';

type Runc = OperationOf<'runc'>;

/** The file in which a v2 host enables controllers for its top groups: the runtime writes all of them there; null where it does not. */
function enabledByRuntime(fs: HostFs): string | null {
  const hierarchies = hierarchiesOf(fs);
  const [only] = hierarchies;
  if (hierarchies.length !== 1 || only?.version !== 2) return null;
  const file = `${only.mountPoint}/cgroup.subtree_control`;
  const enabled = fs.readText(file);
  const all = fs.readText(`${only.mountPoint}/cgroup.controllers`);
  const count = (text: string) => text.trim().split(' ').length;
  return enabled.ok && all.ok && count(enabled.value) < count(all.value) ? file : null;
}

export function createPlan(lab: Acting, operation: Runc, runtime: RuntimeName, shell: string): OperationPlan {
  const { name = '', bundle = '' } = operation;
  const known = lab.bundles.get(bundle) ?? lab.planned.bundles.get(bundle);
  lab.planned.actors.set(name, {
    enter: known?.namespaces ?? SPEC_NAMESPACES[lab.mode],
    root: join(directoryOf(lab, 'bundle', bundle), 'rootfs'),
    groups: [],
    uid: undefined,
  });
  const file = lab.mode === 'root' ? enabledByRuntime(lab.fs) : null;
  const message =
    lab.mode === 'rootless'
      ? RUNC_PLANS.createTouchesRootless
      : file === null
        ? RUNC_PLANS.createTouches
        : RUNC_PLANS.createTouchesV2;
  const root = runtimeRoot(lab.ledger.directory);
  return {
    shell,
    touches: say(lab.lang, message, { root, lab: lab.id, runtime, file: file ?? '' }),
    undo: say(lab.lang, RUNC_PLANS.createUndo, { runtime }),
    privileged: lab.mode === 'root',
  };
}

/** The directory that the runtime keeps its containers in, in the ledger before it is there. */
function makeRoot(lab: Acting, runtime: RuntimeName): void {
  const root = runtimeRoot(lab.ledger.directory);
  if (lstatOf(root) !== null) return;
  const n = lab.ledger.intend({ op: 'runc', root, id: null, runtime });
  mkdirSync(root, { mode: 0o700 });
  const { dev, ino } = lstatOf(root) ?? { dev: 0, ino: 0 };
  lab.ledger.done(n, { dev, ino });
}

/** The lab's top group in each hierarchy: the runtime would make them too, but the ledger knows only these. */
export function makeTops(lab: Acting, doing: Doing): void {
  for (const { mountPoint } of hierarchiesOf(lab.fs)) {
    const top = join(mountPoint, labCgroup(lab.id));
    if (isOwnTop(lab, top)) continue;
    try {
      make(lab, top);
    } catch (error) {
      if (!isClosedTo(error)) throw error;
      const reason = reasonOf(error.cause, lab.lang);
      note(doing, say(lab.lang, RUNC_NOTES.noGroups, { path: dirname(top), reason }));
    }
  }
}

/** Ends the container when it is told to by SIGTERM: sh(1) waits for a child, so that the signal comes through at once. */
const KEEP = `trap '"$@" >/dev/null 2>&1; kill $!; exit' TERM; while :; do sleep 3600 & wait $!; done`;

/** A process that removes the container when this program has ended, in whatever way (PR_SET_PDEATHSIG(2const)). */
async function keeper(lab: Acting, runtime: RuntimeName, id: string): Promise<Running> {
  const remove = [runtime, '--root', runtimeRoot(lab.ledger.directory), 'delete', '--force', id];
  return await start(['setpriv', '--pdeathsig', 'TERM', '--', 'sh', '-c', KEEP, 'keep', ...remove], {
    env: environment(lab.id),
    cwd: '/',
  });
}

export function ownNamespaces(fs: HostFs, pid: number): readonly NsType[] {
  return NS_TYPES.filter((type) => {
    const [own, its] = [fs.readLink(`/proc/self/ns/${type}`), fs.readLink(`/proc/${pid}/ns/${type}`)];
    return own.ok && its.ok && own.value !== its.value;
  });
}

/** The lab's groups that the process is in. */
export function groupsOf(lab: Acting, pid: number): readonly string[] {
  const text = lab.fs.readText(`/proc/${pid}/cgroup`);
  const paths = new Set(
    (text.ok ? text.value : '').split('\n').map((line) => line.split(':').slice(2).join(':')),
  );
  return hierarchiesOf(lab.fs).flatMap(({ mountPoint }) =>
    [...paths]
      .filter((path) => path.startsWith(`/${labCgroup(lab.id)}/`))
      .map((path) => join(mountPoint, path))
      .filter((path) => lab.fs.stat(path).ok),
  );
}

/**
 * What every container stands on. The groups come first, so that they are removed last: a container that a learner has made by hand is in one, and
 * goes with the runtime's directory.
 */
export function makeReady(lab: Acting, doing: Doing, runtime: RuntimeName): void {
  if (lab.mode === 'root') makeTops(lab, doing);
  makeRoot(lab, runtime);
}

/** What is made ready for either verb; the name is the caller's from then on. */
function prepare(
  lab: Acting,
  doing: Doing,
  operation: Runc,
  runtime: RuntimeName,
): { name: string; bundle: Bundle; id: string } {
  const { name = '' } = operation;
  claimName(lab, KINDS.container, name, lab.actors);
  const bundle = named(lab, KINDS.bundle, operation.bundle ?? '', lab.bundles);
  makeReady(lab, doing, runtime);
  return { name, bundle, id: containerId(lab, name) };
}

function outputLines(path: string): readonly string[] {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return text.trim() === '' ? [] : cleanLines(text);
}

/** runc's own line without its time stamp (`time="…" level=error msg="…"`) and without what we say ourselves. */
function messageIn(line: string): string {
  const [, message] = /\bmsg="((?:[^"\\]|\\.)*)"/.exec(line) ?? [];
  return (message?.replaceAll(/\\(.)/g, '$1') ?? line).replace(/^runc \w+ failed: /, '');
}

/**
 * `create`, and `run --detach`. Their output is the container's from then on, so it goes to a file. Throws a UserError with the runtime's own last line
 * where it failed, unless the lesson expects that.
 */
export async function createContainer(
  lab: Acting,
  doing: Doing,
  operation: Runc,
  runtime: RuntimeName,
  argv: readonly string[],
): Promise<OperationResult> {
  const { lang, fs, ledger } = lab;
  const { name, bundle, id } = prepare(lab, doing, operation, runtime);
  const root = runtimeRoot(ledger.directory);
  const output = outputOf(ledger.directory, id);
  const n = ledger.intend({ op: 'runc', root, id, runtime });
  const redirected = ['sh', '-c', 'exec "$@" >"$0" 2>&1', output, ...argv];
  const result = await runCommand(lab, doing, null, dyingWithUs(redirected), operation.exits);
  const lines = outputLines(output);
  for (const text of lines) doing.say({ stream: result.exit === 0 ? 'stdout' : 'stderr', text });
  if (result.exit !== 0) {
    if (result.asExpected) return result;
    const line = messageIn(lines.at(-1) ?? say(lang, ERRORS.exited, { status: result.exit ?? '?' }));
    throw new UserError(say(lang, RUNC_ERRORS.failed, { runtime, verb: operation.verb, line }), {
      hint: say(lang, RUNC_ERRORS.failedHint, { config: join(bundle.directory, 'config.json') }),
      exitCode: 1,
    });
  }
  const ref = initOf(fs, root, id);
  // `run --detach` of a program that has ended already: nothing is to be followed.
  if (ref === null || (operation.verb === 'create' && !isAlive(fs, ref))) {
    throw new UserError(say(lang, RUNC_ERRORS.noInit, { runtime }), { exitCode: 1 });
  }
  ledger.done(n, { processes: [ref] });
  await follow(lab, { name, id, n, bundle, ref, runtime });
  const comm = fs.readText(`/proc/${ref.pid}/comm`);
  const values = { name, pid: ref.pid, comm: comm.ok ? clean(comm.value.trimEnd()) : '?' };
  note(doing, say(lang, operation.verb === 'create' ? RUNC_NOTES.created : RUNC_NOTES.startedNow, values));
  return result;
}

async function follow(
  lab: Acting,
  made: {
    readonly name: string;
    readonly id: string;
    readonly n: number;
    readonly bundle: Bundle;
    readonly ref: ProcessRef;
    readonly runtime: RuntimeName;
  },
): Promise<void> {
  const { name, id, n, bundle, ref, runtime } = made;
  const running = await keeper(lab, runtime, id);
  const kept = identify(lab.fs, running.pid);
  lab.ledger.done(n, { processes: kept === null ? [ref] : [ref, kept] });
  lab.containers.set(name, { id, n });
  const namespaces = ownNamespaces(lab.fs, ref.pid);
  lab.actors.set(name, {
    ...ref,
    name,
    namespaces,
    enter: namespaces,
    root: join(bundle.directory, 'rootfs'),
    groups: groupsOf(lab, ref.pid),
    uid: undefined,
    running,
  });
}

/** `run` without --detach: the runtime waits for the container's end and removes it. */
export async function runToItsEnd(
  lab: Acting,
  doing: Doing,
  operation: Runc,
  runtime: RuntimeName,
  argv: readonly string[],
): Promise<OperationResult> {
  const { id } = prepare(lab, doing, operation, runtime);
  const root = runtimeRoot(lab.ledger.directory);
  const n = lab.ledger.intend({ op: 'runc', root, id, runtime });
  const result = await runCommand(lab, doing, null, dyingWithUs(argv), operation.exits);
  const state = join(root, id);
  if (lstatOf(state) !== null) {
    // It was stopped by the time limit: its container is still there.
    await run(runtime, ['--root', root, 'delete', '--force', id], { env: environment(lab.id) });
  }
  if (lstatOf(state) === null) lab.ledger.undone(n);
  return result;
}
