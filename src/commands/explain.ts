// `nscope explain TARGET`: the whole story of a process or a container, of a namespace, or of a control group, in words or as JSON. What is read:
// host/story.ts; what it means: model/explain and model/docker-options; the words: explain-text.ts and explain-places.ts.
import { type Host, takeSnapshot } from '../host/host.ts';
import { withCmdline } from '../host/processes.ts';
import { readStory } from '../host/story.ts';
import { containerOf, processAt, processByPid } from '../model/find.ts';
import { resolveTarget, type Target } from '../model/target.ts';
import type { Container, Process, Snapshot } from '../model/types.ts';
import { UserError } from '../text/errors.ts';
import { say } from '../text/lang.ts';
import type { Context } from './context.ts';
import { coverageRemarks } from './coverage.ts';
import { storyJson } from './explain-json.ts';
import { groupStory, namespaceStory } from './explain-places.ts';
import { storyLines } from './explain-text.ts';
import { MESSAGES } from './messages.ts';
import { lookDeep } from './ns.ts';
import { deepRemarks } from './ns-holders.ts';

/** Exit code 0, 130 when it is interrupted; a target that is not there is a UserError (2), a host without a pid 1 to be seen one of (3). */
export async function explainCommand(context: Context, word: string): Promise<number> {
  const host = context.host();
  // What keeps a namespace alive wants a look at every fd, thread and mount.
  const snapshot = word.startsWith('ns:') ? await lookDeep(context, host) : await takeSnapshot(host);
  if (snapshot === null) return 130;
  const target = resolveTarget(snapshot, word);
  if (!context.json && snapshot.source.kind === 'recorded')
    context.say(say(context.lang, MESSAGES.recorded, { title: snapshot.source.title }));
  if (target.kind === 'namespace') namespaceStory(context, snapshot, target.namespace);
  else if (target.kind === 'cgroup') groupStory(context, host, snapshot, target, word);
  else await processStory(context, host, snapshot, target);
  if (!context.json)
    for (const remark of [...coverageRemarks(context.lang, snapshot), ...deepRemarks(context.lang, snapshot)])
      context.say(remark);
  return 0;
}

async function processStory(
  context: Context,
  host: Host,
  snapshot: Snapshot,
  target: Exclude<Target, { kind: 'namespace' | 'cgroup' }>,
): Promise<void> {
  const { process, container } = subjectOf(snapshot, target);
  const facts = await readStory(host, snapshot, process && withCmdline(host.fs, process), container);
  if (context.json) storyJson(context, snapshot, target.kind, facts);
  else context.print(storyLines(context, snapshot, facts));
}

/** Of the host pid 1, of a container its first process, or the oldest that is left. */
function subjectOf(
  snapshot: Snapshot,
  target: Exclude<Target, { kind: 'namespace' | 'cgroup' }>,
): { readonly process: Process | null; readonly container: Container | null } {
  if (target.kind === 'container') {
    const { container } = target;
    const first = container.init ? processAt(snapshot, container.init) : null;
    return { process: first ?? processByPid(snapshot, container.pids[0] ?? -1), container };
  }
  const process = target.kind === 'process' ? target.process : processByPid(snapshot, 1);
  if (!process)
    throw new UserError('pid 1 is not to be seen here', {
      hint: 'run as root, or mount /proc without hidepid',
      exitCode: 3,
    });
  return { process, container: containerOf(snapshot, process.pid) };
}
