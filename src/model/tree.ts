// The docker process tree, other engines alike: which daemon, shim, container and exec session belongs to which, by ppid and by logic. Reads nothing.
// Nodes are plain; how they look is the view's.
import type { NsType } from '../kernel/namespaces.ts';
import { clean } from '../text/sanitize.ts';
import { type Daemon, daemonLinks, daemonOf, type Edge, type Links } from './daemons.ts';
import { engineRole } from './engine-role.ts';
import { childrenOf, containerOf, processAt, processByPid } from './find.ts';
import { ownLinks, ownTypes } from './links.ts';
import { hostNamespaces } from './hostview.ts';
import { sharesWith } from './sharing.ts';
import type { Confidence, Container, Engine, Evidence, Pod, Process, ProcessRef, Snapshot } from './types.ts';

/** `shim` is what watches a container: containerd's shim, conmon, an LXC monitor, systemd-nspawn. `daemon` is another engine's: crio. */
export type TreeKind = 'dockerd' | 'containerd' | 'daemon' | 'shim' | 'container' | 'exec' | 'process';

/** Of a container's node: how it is known, and what it has to do with others. */
export interface ContainerAbout {
  readonly engine: Engine;
  readonly evidence: readonly Evidence[];
  readonly confidence: Confidence;
  readonly daemon: Daemon['state'];
  readonly user: number | null;
  readonly pod: Pod | null;
  readonly sandbox: boolean;
  /** Id of the container around it. */
  readonly parent: string | null;
  /** Ids of containers that it shares namespaces with, beside the host's. */
  readonly sharesWith: readonly { readonly container: string; readonly types: readonly NsType[] }[];
  /** The first process that its runtime wrote down, though that has ended. */
  readonly stale: ProcessRef | null;
}

export interface TreeNode {
  readonly kind: TreeKind;
  /** null: a container that has no process any more. */
  readonly pid: number | null;
  readonly starttime: number | null;
  /** `ppid`: the kernel says that the node above is the parent. `logical`: it is in charge of it, but ppid is another. */
  readonly edge: Edge;
  /** Short, sanitised text without pid. */
  readonly label: string;
  /** Id of the container that the node is, or is in. */
  readonly container: string | null;
  /** The types in which it is known not to share the host's namespace. */
  readonly namespaces: readonly NsType[];
  /** A shim whose containers are all gone, and that has no child either: it should have ended with them. Absent for others. */
  readonly leaked?: true;
  /** Absent for nodes that are no container. */
  readonly about?: ContainerAbout;
  readonly children: readonly TreeNode[];
}

interface Drawing {
  readonly snapshot: Snapshot;
  readonly links: Links;
  readonly all: boolean;
  /** Daemons and containers without a shim that stand below another container, by that container's id. */
  readonly within: ReadonlyMap<string, Nested>;
}

interface Nested {
  readonly daemons: readonly Process[];
  readonly containers: readonly Container[];
}

/**
 * The trees of every engine on the host, roots by pid: daemons first, then containers that no shim is in charge of (runc, crun, LXC). Engines within
 * containers stand below those. `all` adds the processes inside of each container below its first process; without it a container is one row,
 * its exec sessions and what is nested in it.
 */
export function buildTree(snapshot: Snapshot, options: { readonly all?: boolean } = {}): readonly TreeNode[] {
  const links = daemonLinks(snapshot);
  const tops = links.daemons.filter((process) => !links.above.has(process.pid));
  const loose = snapshot.containers.filter(
    (container) => !container.shim || !processAt(snapshot, container.shim),
  );
  // A container must not hang below itself: a shim that sits in its own container's group is drawn outside.
  const homeOf = (process: Process): string | null => {
    const home = containerOf(snapshot, process.pid);
    return home && home.shim?.pid !== process.pid ? home.id : null;
  };
  const known = new Set(snapshot.containers.map(({ id }) => id));
  const parentOf = ({ parent }: Container) => (parent !== null && known.has(parent) ? parent : null);
  const within = new Map<string, { daemons: Process[]; containers: Container[] }>();
  const nestedIn = (id: string) => {
    const nested = within.get(id) ?? { daemons: [], containers: [] };
    within.set(id, nested);
    return nested;
  };
  for (const process of tops) {
    const home = homeOf(process);
    if (home !== null) nestedIn(home).daemons.push(process);
  }
  for (const container of loose) {
    const parent = parentOf(container);
    if (parent !== null) nestedIn(parent).containers.push(container);
  }
  const drawing: Drawing = {
    snapshot,
    links,
    all: options.all ?? false,
    within,
  };
  const roots = [
    ...tops
      .filter((process) => homeOf(process) === null)
      .map((process) => daemonNode(drawing, process, 'ppid')),
    ...loose
      .filter((container) => parentOf(container) === null)
      .map((container) => containerNode(drawing, container, 'ppid')),
  ];
  return [...roots, ...lostNodes({ ...drawing, within: new Map() }, roots, tops, loose)];
}

/** Groups can be named so that two containers stand below each other, and nowhere else: they are drawn beside the rest. */
function lostNodes(
  drawing: Drawing,
  roots: readonly TreeNode[],
  tops: readonly Process[],
  loose: readonly Container[],
): readonly TreeNode[] {
  const drawn = new Set<number | string | null>();
  const walk = (nodes: readonly TreeNode[]): void => {
    for (const { kind, pid, container, children } of nodes) {
      drawn.add(kind === 'container' ? container : pid).add(pid);
      walk(children);
    }
  };
  walk(roots);
  return [
    ...tops.filter(({ pid }) => !drawn.has(pid)).map((process) => daemonNode(drawing, process, 'ppid')),
    ...loose.filter(({ id }) => !drawn.has(id)).map((container) => containerNode(drawing, container, 'ppid')),
  ];
}

function daemonNode(drawing: Drawing, process: Process, edge: Edge): TreeNode {
  const { snapshot } = drawing;
  const containers = snapshot.containers.filter((container) => container.shim?.pid === process.pid);
  const role = containers.length > 0 ? 'shim' : (engineRole(process) ?? 'process');
  const isShim = role === 'shim';
  const gone = containers.every(({ pids }) => pids.length === 0);
  // A runtime that is just starting the container, or ending it, is a child.
  const leaked = isShim && gone && childrenOf(snapshot, process.pid).every(({ state }) => state === 'Z');
  return {
    kind: role === 'crio' ? 'daemon' : role,
    pid: process.pid,
    starttime: process.starttime,
    edge,
    label: isShim ? shimLabel(process, containers) : process.comm,
    container: isShim ? (containers[0]?.id ?? null) : null,
    namespaces: ownTypes(snapshot, process),
    ...(leaked ? { leaked: true } : {}),
    children: [
      ...belowDaemon(drawing, process),
      // A pod's sandbox first, as it was started first.
      ...containers
        .toSorted((a, b) => Number(b.sandbox) - Number(a.sandbox))
        .flatMap((container) => [
          containerNode(drawing, container, 'ppid'),
          ...container.execSessions.flatMap((pid) => execNode(drawing, container, pid, process)),
        ]),
    ],
  };
}

function belowDaemon(drawing: Drawing, process: Process): readonly TreeNode[] {
  return (drawing.links.below.get(process.pid) ?? []).map((child) =>
    daemonNode(drawing, child, drawing.links.above.get(child.pid)?.edge ?? 'logical'),
  );
}

/** A pod's shim is called by its sandbox: the first by start. */
function shimLabel(process: Process, containers: readonly Container[]): string {
  const first = containers.find(({ sandbox }) => sandbox) ?? containers[0];
  const id = clean(shortId(first?.id ?? ''));
  if (process.comm === 'conmon' || process.comm === 'systemd-nspawn')
    return `${process.comm} ${id}`.trimEnd();
  if (first?.engine === 'lxc') return `lxc monitor ${id}`.trimEnd();
  return `shim ${id}`.trimEnd();
}

/** What a container is called: its name, else the first twelve of its id, as docker cuts it. */
export function containerLabel(container: Container): string {
  return clean(container.name ?? shortId(container.id));
}

function shortId(id: string): string {
  return /^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id;
}

function containerNode(drawing: Drawing, container: Container, edge: Edge): TreeNode {
  const { snapshot } = drawing;
  const init = container.init ? processAt(snapshot, container.init) : null;
  const command = init ? commandOf(init) : '';
  return {
    kind: 'container',
    pid: init?.pid ?? null,
    starttime: init?.starttime ?? null,
    edge: init && container.shim && init.ppid !== container.shim.pid ? 'logical' : edge,
    label: command === '' ? containerLabel(container) : `${containerLabel(container)}  ${command}`,
    container: container.id,
    namespaces: init ? ownTypes(snapshot, init) : [],
    about: aboutOf(snapshot, container),
    children: [
      ...nestedNodes(drawing, container, init),
      ...(init && drawing.all ? processNodes(drawing, container, init) : []),
    ],
  };
}

function aboutOf(snapshot: Snapshot, container: Container): ContainerAbout {
  const { engine, evidence, confidence, user, pod, sandbox, parent, stale } = container;
  return {
    engine,
    evidence,
    confidence,
    daemon: daemonOf(snapshot, container).state,
    user,
    pod,
    sandbox,
    parent,
    sharesWith: sharesWith(snapshot, container).map((one) => ({
      container: one.container.id,
      types: one.types,
    })),
    stale,
  };
}

/** Engines and containers within this container. A daemon that is its very first process is not drawn again: what hangs below it is. */
function nestedNodes(drawing: Drawing, container: Container, init: Process | null): readonly TreeNode[] {
  const nested = drawing.within.get(container.id);
  if (!nested) return [];
  const edgeTo = (pid: number | undefined): Edge =>
    init && pid !== undefined && processByPid(drawing.snapshot, pid)?.ppid === init.pid ? 'ppid' : 'logical';
  return [
    ...nested.daemons.flatMap((process) =>
      process.pid === init?.pid
        ? belowDaemon(drawing, process)
        : [daemonNode(drawing, process, edgeTo(process.pid))],
    ),
    ...nested.containers.map((one) => containerNode(drawing, one, edgeTo(one.init?.pid))),
  ];
}

function execNode(drawing: Drawing, container: Container, pid: number, above: Process): readonly TreeNode[] {
  const process = processByPid(drawing.snapshot, pid);
  if (!process) return [];
  return [
    {
      ...processNode(drawing, container, process),
      kind: 'exec',
      // A conmon has one more of its kind for each session.
      edge: process.ppid === above.pid ? 'ppid' : 'logical',
      label: `exec  ${commandOf(process)}`,
      ...(drawing.all ? {} : { children: [] }),
    },
  ];
}

/** Below this many generations a tree is cut: a chain of processes can be as long as its author likes, a stack cannot. */
const DEEPEST = 200;

function processNodes(
  drawing: Drawing,
  container: Container,
  parent: ProcessRef,
  depth = 0,
): readonly TreeNode[] {
  if (depth >= DEEPEST) return [];
  return childrenOf(drawing.snapshot, parent.pid)
    .filter((child) => !isDrawnElsewhere(drawing, container, child))
    .map((child) => processNode(drawing, container, child, depth));
}

/** Daemons within have nodes of their own, and processes of containers within stand below theirs. */
function isDrawnElsewhere({ snapshot, links }: Drawing, container: Container, process: Process): boolean {
  if (links.daemons.includes(process)) return true;
  const home = containerOf(snapshot, process.pid);
  return home !== null && home !== container && home.parent === container.id;
}

function processNode(drawing: Drawing, container: Container, process: Process, depth = 0): TreeNode {
  const below = childrenOf(drawing.snapshot, process.pid).length;
  return {
    kind: 'process',
    pid: process.pid,
    starttime: process.starttime,
    edge: 'ppid',
    label: depth + 1 >= DEEPEST && below > 0 ? `${commandOf(process)} …` : commandOf(process),
    container: container.id,
    namespaces: ownLinks(hostNamespaces(drawing.snapshot), process.ns),
    children: processNodes(drawing, container, process, depth + 1),
  };
}

/** The command line where it was read; comm where it was not; comm in brackets, as ps writes it, where there is none (kernel threads, zombies). */
export function commandOf(process: Process): string {
  let command = commands.get(process);
  if (command === undefined) {
    command = commandText(process);
    commands.set(process, command);
  }
  return command;
}

// A process of which nothing has changed is the same value in the next snapshot.
const commands = new WeakMap<Process, string>();

function commandText(process: Process): string {
  if (process.cmdline === null && !process.kernelThread && process.state !== 'Z') return process.comm;
  const words = process.cmdline?.ok ? process.cmdline.value.join(' ') : '';
  return words === '' ? `[${process.comm}]` : words;
}
