// Ends every process in a cgroup of the lab's and in those below it: by cgroup.kill where there is one (v2), else each by SIGKILL.
// Kills nobody where one of them is not the lab's. Removes no group.
import { join } from 'node:path';
import { UserError } from '../../text/errors.ts';
import { say } from '../../text/lang.ts';
import { shellWords } from '../argv.ts';
import { groupsWithin, processesIn, thaw, writeControl } from '../cgroupfs.ts';
import { ERRORS } from '../messages.ts';
import { familyOf, isEnding, killAll, lasting, thisRunner } from '../process.ts';
import { errnoOf, reasonOf } from '../state-dir.ts';
import { LIMIT_ERRORS, LIMITS } from './limits-messages.ts';
import {
  type Acting,
  MADE,
  named,
  NOTHING_TO_SAY,
  note,
  type OperationKind,
  type OperationOf,
} from './operation.ts';

/** The directories whose processes are to be killed: one tree with cgroup.kill says it all. */
function killFile(lab: Acting, directories: readonly string[]): string | null {
  return directories.map((group) => join(group, 'cgroup.kill')).find((file) => lab.fs.stat(file).ok) ?? null;
}

export const killGroup: OperationKind<OperationOf<'kill-group'>, never> = {
  plan({ cgroup: name }, lab) {
    const directories = lab.groups.get(name) ?? lab.planned.groups.get(name) ?? [];
    const file = killFile(lab, directories);
    const [first] = directories;
    return {
      shell:
        file !== null
          ? `echo 1 > ${shellWords([file])}`
          : first === undefined
            ? `# ${say(lab.lang, LIMITS.limitNone, { name })}`
            : `kill -KILL $(cat ${shellWords([join(first, 'cgroup.procs')])})`,
      touches: say(lab.lang, LIMITS.killTouches, { name }),
      undo: say(lab.lang, LIMITS.killUndo),
      privileged: lab.mode === 'root',
    };
  },

  async perform({ cgroup: name }, lab, doing) {
    const { fs, lang } = lab;
    const directories = named(lab, ERRORS.kindCgroup, name, lab.groups);
    const inside = () =>
      processesIn(
        fs,
        directories.flatMap((group) => groupsWithin(fs, group)),
      );
    const { starttime } = thisRunner(fs);
    const roots = [...lab.actors.values()];
    const family = familyOf(fs, lab.id, starttime, roots);
    const stranger = await lasting(() => inside().find((ref) => !family.has(ref) && !isEnding(fs, ref)));
    if (stranger !== null) {
      throw new UserError(say(lang, LIMIT_ERRORS.notStarted, { pid: stranger.pid, name }), {
        hint: say(lang, LIMIT_ERRORS.notStartedHint),
      });
    }
    const there = inside();
    const file = killFile(lab, directories);
    try {
      if (file !== null) writeControl(file, '1');
      // A v1 process that is frozen does not end.
      else for (const group of directories) thaw(fs, group);
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      const values = { file: file ?? name, value: '1', reason: reasonOf(error, lang) };
      throw new UserError(say(lang, ERRORS.limitRefused, values), { exitCode: 3, cause: error });
    }
    const { left } = await killAll(fs, () => inside().filter((ref) => family.has(ref)));
    const [stubborn] = left;
    if (stubborn !== undefined) {
      throw new UserError(say(lang, LIMIT_ERRORS.stubborn, { pid: stubborn.pid, name }), { exitCode: 1 });
    }
    const pids = there.map(({ pid }) => pid).join(', ');
    note(doing, say(lang, there.length > 0 ? LIMITS.killed : LIMITS.killedNone, { name, pids }));
    return { ...MADE, output: [] };
  },

  undo: () => Promise.resolve(NOTHING_TO_SAY),
};
