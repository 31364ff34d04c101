// `nscope ns`: every namespace, as a table, as a tree or as JSON, with `--holders` all that keeps each alive. What a row says comes from
// model/nslist.ts, how a holder is told from ns-holders.ts.
import { setImmediate } from 'node:timers/promises';
import { takeSnapshot } from '../host/host.ts';
import { userNames } from '../host/users.ts';
import { isNsType, NS_TYPES } from '../kernel/namespaces.ts';
import { namespaceAt } from '../model/find.ts';
import { type NsRow, nsRows } from '../model/nslist.ts';
import { isNsTreeKind, NS_TREES, nsForest, type NsTreeKind, type NsTreeNode } from '../model/nstree.ts';
import { isIn, resolveTarget } from '../model/target.ts';
import type { Snapshot } from '../model/types.ts';
import { edge, under } from '../text/branches.ts';
import { closest } from '../text/closest.ts';
import { UserError } from '../text/errors.ts';
import { say } from '../text/lang.ts';
import type { Context } from './context.ts';
import { coverageRemarks } from './coverage.ts';
import { MESSAGES } from './messages.ts';
import { deepRemarks, holderJson } from './ns-holders.ts';
import { type Line, userOf } from './ns-rows.ts';

export interface NsOptions {
  readonly type?: string;
  readonly tree?: string;
  readonly holders?: boolean;
}

/** Exit code 0, 130 when it is interrupted; an unknown target, type or kind of tree is a UserError (2). */
export async function nsCommand(
  context: Context,
  word: string | undefined,
  options: NsOptions,
): Promise<number> {
  const types = typesOf(options.type);
  const tree = treeOf(options.tree);
  const host = context.host();
  if (!options.holders) await optimiseNothing();
  const snapshot = options.holders ? await lookDeep(context, host) : await takeSnapshot(host);
  if (snapshot === null) return 130;
  const target = word === undefined ? null : resolveTarget(snapshot, word);
  const all = nsRows(snapshot);
  const isWanted = (row: Pick<NsRow, 'type' | 'inode'>): boolean => {
    const namespace = namespaceAt(snapshot, row.type, row.inode);
    return (
      types.includes(row.type) &&
      (target === null || (namespace !== null && isIn(snapshot, target, namespace)))
    );
  };
  const forest = tree === null ? null : nsForest(snapshot, tree, isWanted);
  const lines = forest === null ? all.filter(isWanted).map(plainLine) : treeLines(forest, all);
  const users = userNames(host.fs);
  if (context.json) {
    const namespaces = lines.map(({ row }) => jsonOf(snapshot, row, users));
    context.printJson({ namespaces, ...(forest ? { tree: forest } : {}) }, snapshot.coverage);
    return 0;
  }
  if (snapshot.source.kind === 'recorded')
    context.say(say(context.lang, MESSAGES.recorded, { title: snapshot.source.title }));
  if (lines.length === 0) context.say(say(context.lang, MESSAGES.noNamespaces));
  else {
    // Measuring columns takes a while to load, and JSON has none.
    const { tableOf } = await import('./ns-table.ts');
    context.print(tableOf(context, snapshot, lines, users));
  }
  for (const remark of [...coverageRemarks(context.lang, snapshot), ...deepRemarks(context.lang, snapshot)])
    context.say(remark);
  return 0;
}

/**
 * One scan of two thousand processes is over when V8's optimising compiler has got ready for it: a fifth of the program's time for nothing. At
 * ten thousand it is neither gain nor loss. The flag holds for the whole process, which ends with this command.
 */
async function optimiseNothing(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8');
  setFlagsFromString('--no-opt');
}

/** The deep look, with its progress on a terminal's stderr; null where SIGINT ended it. */
export async function lookDeep(
  context: Context,
  host: ReturnType<Context['host']>,
): Promise<Snapshot | null> {
  const cancel = new AbortController();
  const onInterrupt = () => cancel.abort();
  process.once('SIGINT', onInterrupt);
  const terminal = process.stderr.isTTY;
  let shownAt = performance.now();
  try {
    const snapshot = await takeSnapshot(host, {
      deep: {
        signal: cancel.signal,
        onProgress: ({ done, total }) => {
          // A look that is over at once shows nothing; the eye wants no more than ten a second.
          if (!terminal || performance.now() - shownAt < 100) return;
          shownAt = performance.now();
          process.stderr.write(`\r${say(context.lang, MESSAGES.lookingDeep, { done, total })}\u001B[K`);
        },
      },
    });
    // A signal that came during the last scan, which is one synchronous piece, is heard only now.
    await setImmediate();
    return cancel.signal.aborted ? null : snapshot;
  } catch (error) {
    if (cancel.signal.aborted) return null;
    throw error;
  } finally {
    process.off('SIGINT', onInterrupt);
    if (terminal) process.stderr.write('\r\u001B[K');
  }
}

function treeOf(asked: string | undefined): NsTreeKind | null {
  if (asked === undefined || isNsTreeKind(asked)) return asked ?? null;
  const near = closest(asked, NS_TREES);
  throw new UserError(`no tree "${asked}"`, {
    hint: near === null ? `--tree takes ${NS_TREES.join(' or ')}` : `did you mean "${near}"?`,
  });
}

function plainLine(row: NsRow): Line {
  return { row, strokes: '', below: '' };
}

function treeLines(forest: readonly NsTreeNode[], rows: readonly NsRow[]): readonly Line[] {
  const byId = new Map(rows.map((row) => [`${row.type}:${row.inode}`, row]));
  const lines = (node: NsTreeNode, indent: string, last: boolean | null): readonly Line[] => {
    const row = byId.get(`${node.type}:${node.inode}`);
    const below = indent + under(last);
    const children = node.children.flatMap((child, at) =>
      lines(child, below, at === node.children.length - 1),
    );
    return row ? [{ row, strokes: indent + edge(last, false), below }, ...children] : children;
  };
  return forest.flatMap((root) => lines(root, '', null));
}

function typesOf(asked: string | undefined): readonly string[] {
  if (asked === undefined) return NS_TYPES;
  const types = asked.split(',');
  for (const type of types) {
    if (isNsType(type)) continue;
    const near = closest(type, NS_TYPES);
    throw new UserError(`no namespace type "${type}"`, {
      hint: near === null ? `one of ${NS_TYPES.join(', ')}` : `did you mean "${near}"?`,
    });
  }
  return types;
}

function jsonOf(snapshot: Snapshot, row: NsRow, users: ReadonlyMap<number, string>): Record<string, unknown> {
  return {
    type: row.type,
    inode: row.inode,
    nprocs: row.nprocs,
    pid: row.pid,
    ppid: row.ppid,
    uid: row.uid,
    user: row.uid?.ok ? userOf(row.uid.value, users) : null,
    command: row.command,
    owner: row.owner,
    parent: row.parent,
    container: row.container,
    holders: row.holders.map((holder) => holderJson(snapshot, holder)),
  };
}
