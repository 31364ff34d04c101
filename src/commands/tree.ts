// `nscope tree`: the docker process tree as lines or as JSON. Which node stands where is model/tree.ts' answer.
import { takeSnapshot } from '../host/host.ts';
import { processByPid } from '../model/find.ts';
import { hidingOptions } from '../model/hidden.ts';
import { processesAt, resolveTarget, type Target } from '../model/target.ts';
import { buildTree, type ContainerAbout, containerLabel, type TreeNode } from '../model/tree.ts';
import type { Snapshot } from '../model/types.ts';
import { edge, under } from '../text/branches.ts';
import { say } from '../text/lang.ts';
import { cut } from '../text/width.ts';
import type { Context } from './context.ts';
import { coverageRemarks } from './coverage.ts';
import { MESSAGES } from './messages.ts';

export interface TreeOptions {
  readonly all?: boolean;
}

/** Exit code 0, also where there is no engine (it is said); an unknown target is a UserError (2). */
export async function treeCommand(
  context: Context,
  word: string | undefined,
  options: TreeOptions,
): Promise<number> {
  const snapshot = await takeSnapshot(context.host());
  const whole = buildTree(snapshot, { all: options.all ?? false });
  const target = word === undefined ? null : resolveTarget(snapshot, word);
  const roots = target === null ? whole : whole.flatMap((root) => prune(snapshot, root, target));
  if (context.json) {
    context.printJson({ tree: roots.map(jsonOf) }, snapshot.coverage);
    return 0;
  }
  if (snapshot.source.kind === 'recorded')
    context.say(say(context.lang, MESSAGES.recorded, { title: snapshot.source.title }));
  if (roots.length === 0)
    context.say(say(context.lang, isPartial(snapshot) ? MESSAGES.noEnginesSeen : MESSAGES.noEngines));
  context.print(roots.flatMap((root) => linesOf(context, snapshot, root, '', null)));
  for (const remark of coverageRemarks(context.lang, snapshot)) context.say(remark);
  return 0;
}

/** True where processes may be there that this program does not see: that none was found says little. */
function isPartial(snapshot: Snapshot): boolean {
  return snapshot.coverage.insideContainer || hidingOptions(snapshot).length > 0;
}

/** The way from the root down to the target, and all below it; nothing where the target is elsewhere. */
function prune(snapshot: Snapshot, node: TreeNode, target: Target): readonly TreeNode[] {
  if (isTarget(snapshot, node, target)) return [node];
  const children = node.children.flatMap((child) => prune(snapshot, child, target));
  return children.length > 0 ? [{ ...node, children }] : [];
}

function isTarget(snapshot: Snapshot, node: TreeNode, target: Target): boolean {
  if (target.kind === 'container') return node.container === target.container.id && node.kind !== 'shim';
  if (target.kind === 'process') return node.pid === target.process.pid;
  if (target.kind === 'namespace') return node.pid !== null && target.namespace.members.includes(node.pid);
  if (target.kind === 'cgroup')
    return processesAt(snapshot, target).some((process) => process.pid === node.pid);
  return true;
}

function linesOf(
  context: Context,
  snapshot: Snapshot,
  node: TreeNode,
  indent: string,
  last: boolean | null,
): readonly string[] {
  const { paint } = context;
  const mark = node.kind === 'container' ? '● ' : '';
  const role = node.kind === 'container' ? 'box' : 'host';
  const parts = [
    paint(role, `${mark}${node.label}`),
    node.pid === null ? '' : String(node.pid),
    paint('box', node.namespaces.join(' ')),
    node.edge === 'logical' ? paint('dim', logicalRemark(context, snapshot, node)) : '',
    ...aboutWords(context, snapshot, node),
  ].filter((part) => part !== '');
  const line = `${indent}${edge(last, node.edge === 'logical')}${parts.join('  ')}`;
  const below = indent + under(last);
  return [
    context.columns === undefined ? line : cut(line, context.columns),
    ...node.children.flatMap((child, at) =>
      linesOf(context, snapshot, child, below, at === node.children.length - 1),
    ),
  ];
}

/** Beside a dashed edge: who the parent is by ppid. */
function logicalRemark(context: Context, snapshot: Snapshot, node: TreeNode): string {
  const process = node.pid === null ? null : processByPid(snapshot, node.pid);
  return process ? say(context.lang, MESSAGES.logicalParent, { ppid: process.ppid }) : '';
}

/** Beside a container: engine, how sure that is, the daemon if it is dead, pod, and with whom it shares what; beside a shim that it is leaked. */
function aboutWords(
  context: Context,
  snapshot: Snapshot,
  { about, pid, leaked }: TreeNode,
): readonly string[] {
  const { lang, paint } = context;
  if (leaked) return [paint('warn', say(lang, MESSAGES.leakedShim))];
  if (!about) return [];
  const { namespace, name, uid } = about.pod ?? {};
  const pod = name == null ? (uid ?? null) : namespace == null ? name : `${namespace}/${name}`;
  const words = [
    about.engine,
    about.user === null || about.user === 0 ? '' : say(lang, MESSAGES.ofUser, { uid: about.user }),
    pod === null ? '' : say(lang, MESSAGES.pod, { pod }),
    about.sandbox ? say(lang, MESSAGES.sandbox) : '',
    ...about.sharesWith.map(({ container, types }) => {
      const other = snapshot.containers.find(({ id }) => id === container);
      return say(lang, MESSAGES.sharesWith, {
        types: types.join(' '),
        name: other ? containerLabel(other) : container,
      });
    }),
  ];
  const by = about.evidence.join(' ');
  return [
    paint('dim', words.filter((word) => word !== '').join(' · ')),
    about.confidence === 'likely' ? paint('dim', say(lang, MESSAGES.likely, { by })) : '',
    about.confidence === 'guess' && by !== '' ? paint('dim', say(lang, MESSAGES.guess, { by })) : '',
    pid === null ? paint('warn', goneWord(context, about)) : '',
    about.daemon === 'dead' ? paint('warn', say(lang, MESSAGES.daemonDead)) : '',
  ];
}

/** A container without a process: its runtime's record may name one that is no more. */
function goneWord({ lang }: Context, { stale }: ContainerAbout): string {
  return stale ? say(lang, MESSAGES.staleState, { pid: stale.pid }) : say(lang, MESSAGES.noProcessLeft);
}

function jsonOf(node: TreeNode): Record<string, unknown> {
  return { ...node, children: node.children.map(jsonOf) };
}
