// Removes a container of the lab's: by the runtime, and what is left of it by hand, also where the runtime has gone. Another container that took its
// id is left alone.
import { rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '../../host/exec.ts';
import type { HostFs } from '../../host/fs.ts';
import type { ProcessRef } from '../../model/types.ts';
import { say } from '../../text/lang.ts';
import { shellWords } from '../argv.ts';
import { hierarchiesOf, labCgroup, thaw } from '../cgroupfs.ts';
import { environment } from '../environment.ts';
import type { Identity } from '../ledger.ts';
import { CLEANUP } from '../messages.ts';
import { canBeOf, isAlive, killAll, lasting, ownLine } from '../process.ts';
import { bundleOf, containersIn, initOf, outputOf, runtimeRoot } from '../runtime.ts';
import { errnoOf, reasonOf } from '../state-dir.ts';
import { isWithin, lstatOf, removeTree } from '../tree.ts';
import { type MadeBy, NOTHING_TO_SAY, processesOf, type Undoing, type Undone } from './operation.ts';
import { RUNC_CLEANUP } from './runc-messages.ts';

const LIMIT_MS = 20_000;

type Made = MadeBy<'runc'>;

function leave(undoing: Undoing, what: string, outcome: 'refused' | 'left', reason: string): Undone {
  const [root, id] = [dirname(what), what.slice(dirname(what).length + 1)];
  const proof = shellWords(['runc', '--root', root, 'state', id]);
  return { outcome, leftover: { kind: 'container', lab: undoing.lab, what, proof, live: false, reason } };
}

function same(a: ProcessRef, b: ProcessRef): boolean {
  return a.pid === b.pid && a.starttime === b.starttime;
}

/** A process in a cgroup of the lab's: nobody else makes one of this name. */
function inLabGroup(fs: HostFs, pid: number, lab: string): boolean {
  const text = fs.readText(`/proc/${pid}/cgroup`);
  return text.ok && text.value.split('\n').some((line) => line.includes(`:/${labCgroup(lab)}/`));
}

/** On v1 a frozen process does not even die of SIGKILL. */
function thawLab(fs: HostFs, lab: string): void {
  for (const { mountPoint } of hierarchiesOf(fs)) {
    try {
      thaw(fs, join(mountPoint, labCgroup(lab)));
    } catch (error) {
      // Whatever keeps it frozen is said when its process does not end.
      if (errnoOf(error) === undefined) throw error;
    }
  }
}

/** True where what the runtime has under this id is the lab's: of a bundle of the lab's, in its group, or with its mark. */
function isLabs(undoing: Undoing, root: string, id: string, init: ProcessRef): boolean {
  const { fs, lab, since, directory } = undoing;
  if (init.starttime < since) return false;
  const bundle = bundleOf(fs, root, id);
  return (
    (bundle !== null && isWithin(bundle, directory)) ||
    inLabGroup(fs, init.pid, lab) ||
    canBeOf(fs, lab, since, init)
  );
}

/** Ends the processes of a container that the runtime has left; one that cannot be the lab's is named. `init` is known to be. */
async function endProcesses(
  undoing: Undoing,
  noted: readonly ProcessRef[],
  init: ProcessRef | null,
): Promise<Undone | null> {
  const { fs, lab, lang, since } = undoing;
  const spared = ownLine(fs);
  const all = init === null || noted.some((ref) => same(ref, init)) ? noted : [...noted, init];
  const living = () => all.filter((ref) => !spared.has(ref.pid) && isAlive(fs, ref));
  // `runc init` has an environment of its own, without the mark: its group and the runtime's word tell whose it is.
  const isOurs = (ref: ProcessRef) =>
    ref.starttime >= since &&
    ((init !== null && same(ref, init)) || inLabGroup(fs, ref.pid, lab) || canBeOf(fs, lab, since, ref));
  const foreign = await lasting(() => living().find((ref) => !isOurs(ref)));
  const ours = living().filter(isOurs);
  const { left } = await killAll(fs, () => ours.filter((ref) => isAlive(fs, ref)));
  const process = ({ pid }: ProcessRef, outcome: 'refused' | 'left', reason: string): Undone => ({
    outcome,
    leftover: {
      kind: 'process',
      lab,
      what: String(pid),
      proof: `ps -p ${pid} -o pid,lstart,args`,
      live: false,
      reason,
    },
  });
  const [stubborn] = left;
  if (stubborn !== undefined) return process(stubborn, 'left', say(lang, CLEANUP.stillRuns));
  return foreign === null ? null : process(foreign, 'refused', say(lang, RUNC_CLEANUP.notItsProcess));
}

/** Removes one container from the runtime's root; `noted`: what the ledger says are its processes. */
async function removeContainer(
  undoing: Undoing,
  made: Made,
  id: string,
  noted: readonly ProcessRef[],
): Promise<Undone> {
  const { fs, lab, lang, directory, sameBoot } = undoing;
  const path = join(made.root, id);
  const there = lstatOf(path) !== null;
  if (sameBoot) {
    const init = initOf(fs, made.root, id);
    const lives = init !== null && isAlive(fs, init);
    if (lives && !isLabs(undoing, made.root, id, init)) {
      return leave(undoing, path, 'refused', say(lang, RUNC_CLEANUP.foreignContainer, { pid: init.pid }));
    }
    thawLab(fs, lab);
    if (there) {
      await run(made.runtime, ['--root', made.root, 'delete', '--force', id], {
        env: environment(lab),
        timeoutMs: LIMIT_MS,
      });
    }
    const obstacle = await endProcesses(undoing, noted, lives ? init : null);
    if (obstacle !== null) return obstacle;
  }
  const obstacle = removeTree(fs, path);
  if (obstacle !== null) {
    return leave(undoing, path, 'left', say(lang, CLEANUP.mountBelow, { mount: obstacle.path }));
  }
  rmSync(outputOf(directory, id), { force: true });
  return there ? { outcome: 'undone', said: [say(lang, RUNC_CLEANUP.deleted, { id })] } : NOTHING_TO_SAY;
}

/** The runtime's directory, and containers that a learner has made in it by hand. One that is not of the lab's bundles and lives keeps it. */
async function removeRoot(made: Made, identity: Identity | null, undoing: Undoing): Promise<Undone> {
  const { fs, lang } = undoing;
  const stat = lstatOf(made.root);
  if (stat === null) return NOTHING_TO_SAY;
  const known = identity !== null && 'ino' in identity ? identity : null;
  if (!stat.isDirectory() || (known !== null && known.ino !== stat.ino)) {
    const reason = say(lang, CLEANUP.otherIdentity, { found: stat.ino, expected: known?.ino ?? '?' });
    return leave(undoing, made.root, 'refused', reason);
  }
  const said: string[] = [];
  for (const id of containersIn(fs, made.root)) {
    const one = await removeContainer(undoing, made, id, []);
    if (one.outcome !== 'undone') return one;
    said.push(...one.said);
  }
  rmdirSync(made.root);
  return { outcome: 'undone', said: [...said, say(lang, RUNC_CLEANUP.rootRemoved, { path: made.root })] };
}

function isOwnId(id: string, lab: string): boolean {
  return id.startsWith(`nscope-${lab}-`) && !id.includes('/');
}

export async function undoRunc(made: Made, identity: Identity | null, undoing: Undoing): Promise<Undone> {
  const { lang, directory, lab } = undoing;
  if (made.root !== runtimeRoot(directory) || (made.id !== null && !isOwnId(made.id, lab))) {
    return leave(undoing, made.root, 'refused', say(lang, CLEANUP.outsideLab));
  }
  try {
    return made.id === null
      ? await removeRoot(made, identity, undoing)
      : await removeContainer(undoing, made, made.id, processesOf(identity));
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    const reason = say(lang, CLEANUP.stillThere, { reason: reasonOf(error, lang) });
    return leave(undoing, join(made.root, made.id ?? ''), 'left', reason);
  }
}
