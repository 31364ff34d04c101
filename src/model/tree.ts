// The docker process tree: which daemon, shim, container and exec session belongs to which, by ppid and by logic. Reads nothing.
// Nodes are plain; how they look is the view's.
import type { NsType } from '../kernel/namespaces.ts';
import { clean } from '../text/sanitize.ts';
import { processAt, processByPid } from './find.ts';
import { ownTypes } from './links.ts';
import type { Container, Process, ProcessRef, Snapshot } from './types.ts';

export type TreeKind = 'dockerd' | 'containerd' | 'shim' | 'container' | 'exec' | 'process';

export interface TreeNode {
  readonly kind: TreeKind;
  /** null: a container that has no process any more. */
  readonly pid: number | null;
  readonly starttime: number | null;
  /** `ppid`: the kernel says that the node above is the parent. `logical`: it is in charge of it, but ppid is another. */
  readonly edge: 'ppid' | 'logical';
  /** Short, sanitised text without pid. */
  readonly label: string;
  /** Id of the container that the node is, or is in. */
  readonly container: string | null;
  /** The types in which it is known not to share the host's namespace. */
  readonly namespaces: readonly NsType[];
  readonly children: readonly TreeNode[];
}

/** comm is cut to 15 bytes, which ends `containerd-shim-runc-v2` there. */
export const SHIM_COMM = 'containerd-shim';

/** What a process is by its comm. Anybody can take such a name: the tree believes only shims that have a bundle. */
export function engineRole(process: Process): 'dockerd' | 'containerd' | 'shim' | null {
  if (process.kernelThread) return null;
  if (process.comm === 'dockerd') return 'dockerd';
  if (process.comm === 'containerd') return 'containerd';
  return process.comm.startsWith(SHIM_COMM) ? 'shim' : null;
}

/** Every value of `--name X`, `--name=X` or, as containerd's shims write it, `-name X`, in order. */
export function optionsOf(process: Process, ...names: readonly string[]): readonly string[] {
  const words = process.cmdline?.ok ? process.cmdline.value : [];
  return words.flatMap((word, at) => {
    const next = words[at + 1];
    if (names.includes(word)) return next === undefined ? [] : [next];
    const name = names.find((option) => word.startsWith(`${option}=`));
    return name === undefined ? [] : [word.slice(name.length + 1)];
  });
}

function optionOf(process: Process, ...names: readonly string[]): string | null {
  return optionsOf(process, ...names)[0] ?? null;
}

function directoryOf(path: string): string {
  return path.replace(/^unix:\/\//, '').replace(/\/[^/]*$/, '');
}

/** Where a containerd has its socket: dockerd's own has its config beside it; without options it is /run/containerd. */
function socketDirectory(containerd: Process): string {
  const address = optionOf(containerd, '--address', '-a');
  const config = optionOf(containerd, '--config', '-c');
  if (address !== null) return directoryOf(address);
  if (config !== null && !config.startsWith('/etc/')) return directoryOf(config);
  return '/run/containerd';
}

/** The same directory has two names on hosts where /var/run is a link. */
function sameDirectory(a: string, b: string): boolean {
  const plain = (path: string) => path.replace(/^\/var\/run\//, '/run/');
  return plain(a) === plain(b);
}

/** Two daemons with one socket path are told apart by their pid namespaces. */
function inReach(a: Process, b: Process): boolean {
  return !a.ns.pid.ok || !b.ns.pid.ok || a.ns.pid.value === b.ns.pid.value;
}

interface Links {
  /** pid of a node to the pid of the node above it. */
  readonly above: ReadonlyMap<number, { readonly pid: number; readonly edge: TreeNode['edge'] }>;
  readonly below: ReadonlyMap<number, readonly Process[]>;
}

/**
 * The trees of every engine on the host, roots by pid: daemons first, then containers that no shim is in charge of (podman, LXC, runc).
 * `all` adds the processes inside of each container below its first process; without it a container is one row and its exec sessions.
 */
export function buildTree(snapshot: Snapshot, options: { readonly all?: boolean } = {}): readonly TreeNode[] {
  const links = linkDaemons(snapshot);
  const children = childrenOf(snapshot);
  const daemons = snapshot.processes.filter((process) => isDaemon(snapshot, process));
  const roots = daemons.filter((process) => !links.above.has(process.pid));
  const loose = snapshot.containers.filter(
    (container) => !container.shim || !processAt(snapshot, container.shim),
  );
  return [
    ...roots.map((process) => daemonNode(snapshot, process, 'ppid', links, children, options.all ?? false)),
    ...loose.map((container) => containerNode(snapshot, container, 'ppid', children, options.all ?? false)),
  ];
}

function isDaemon(snapshot: Snapshot, process: Process): boolean {
  const role = engineRole(process);
  if (role === null) return false;
  if (role !== 'shim') return true;
  return snapshot.containers.some((container) => container.shim?.pid === process.pid);
}

function linkDaemons(snapshot: Snapshot): Links {
  const daemons = snapshot.processes.filter((process) => isDaemon(snapshot, process));
  const containerds = daemons.filter((process) => engineRole(process) === 'containerd');
  const dockerds = daemons.filter((process) => engineRole(process) === 'dockerd');
  const above = new Map<number, { pid: number; edge: TreeNode['edge'] }>();
  for (const containerd of containerds) {
    const parent = dockerds.find((dockerd) => dockerd.pid === containerd.ppid);
    const user = dockerds.find((dockerd) => {
      const address = optionOf(dockerd, '--containerd');
      return (
        address !== null &&
        inReach(dockerd, containerd) &&
        sameDirectory(directoryOf(address), socketDirectory(containerd))
      );
    });
    if (parent) above.set(containerd.pid, { pid: parent.pid, edge: 'ppid' });
    else if (user) above.set(containerd.pid, { pid: user.pid, edge: 'logical' });
  }
  for (const shim of daemons.filter((process) => engineRole(process) === 'shim')) {
    const address = optionOf(shim, '-address', '--address');
    const owner = containerds.find(
      (containerd) =>
        containerd.pid === shim.ppid ||
        (address !== null &&
          inReach(containerd, shim) &&
          sameDirectory(directoryOf(address), socketDirectory(containerd))),
    );
    if (owner) above.set(shim.pid, { pid: owner.pid, edge: owner.pid === shim.ppid ? 'ppid' : 'logical' });
  }
  const below = new Map<number, Process[]>();
  for (const daemon of daemons) {
    const up = above.get(daemon.pid);
    if (up) below.set(up.pid, [...(below.get(up.pid) ?? []), daemon]);
  }
  return { above, below };
}

function childrenOf(snapshot: Snapshot): ReadonlyMap<number, readonly Process[]> {
  const children = new Map<number, Process[]>();
  for (const process of snapshot.processes) {
    const siblings = children.get(process.ppid);
    if (siblings) siblings.push(process);
    else children.set(process.ppid, [process]);
  }
  return children;
}

function daemonNode(
  snapshot: Snapshot,
  process: Process,
  edge: TreeNode['edge'],
  links: Links,
  children: ReadonlyMap<number, readonly Process[]>,
  all: boolean,
): TreeNode {
  const role = engineRole(process) ?? 'process';
  const containers = snapshot.containers.filter((container) => container.shim?.pid === process.pid);
  const below = links.below.get(process.pid) ?? [];
  return {
    kind: role,
    pid: process.pid,
    starttime: process.starttime,
    edge,
    label: role === 'shim' ? `shim ${clean(shortId(containers[0]?.id ?? ''))}`.trimEnd() : process.comm,
    container: role === 'shim' ? (containers[0]?.id ?? null) : null,
    namespaces: ownTypes(snapshot, process),
    children: [
      ...below.map((child) =>
        daemonNode(snapshot, child, links.above.get(child.pid)?.edge ?? 'logical', links, children, all),
      ),
      ...containers.flatMap((container) => [
        containerNode(snapshot, container, 'ppid', children, all),
        ...container.execSessions.flatMap((pid) => execNode(snapshot, container, pid, children, all)),
      ]),
    ],
  };
}

/** What a container is called: its name, else the first twelve of its id, as docker cuts it. */
export function containerLabel(container: Container): string {
  return clean(container.name ?? shortId(container.id));
}

function shortId(id: string): string {
  return /^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id;
}

function containerNode(
  snapshot: Snapshot,
  container: Container,
  edge: TreeNode['edge'],
  children: ReadonlyMap<number, readonly Process[]>,
  all: boolean,
): TreeNode {
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
    children: init && all ? processNodes(snapshot, container, init, children) : [],
  };
}

function execNode(
  snapshot: Snapshot,
  container: Container,
  pid: number,
  children: ReadonlyMap<number, readonly Process[]>,
  all: boolean,
): readonly TreeNode[] {
  const process = processByPid(snapshot, pid);
  if (!process) return [];
  return [
    {
      ...processNode(snapshot, container, process, all ? children : new Map()),
      kind: 'exec',
      label: `exec  ${commandOf(process)}`,
    },
  ];
}

/** Below this many generations a tree is cut: a chain of processes can be as long as its author likes, a stack cannot. */
const DEEPEST = 200;

function processNodes(
  snapshot: Snapshot,
  container: Container,
  parent: ProcessRef,
  children: ReadonlyMap<number, readonly Process[]>,
  depth = 0,
): readonly TreeNode[] {
  if (depth >= DEEPEST) return [];
  return (children.get(parent.pid) ?? []).map((child) =>
    processNode(snapshot, container, child, children, depth),
  );
}

function processNode(
  snapshot: Snapshot,
  container: Container,
  process: Process,
  children: ReadonlyMap<number, readonly Process[]>,
  depth = 0,
): TreeNode {
  const below = children.get(process.pid)?.length ?? 0;
  return {
    kind: 'process',
    pid: process.pid,
    starttime: process.starttime,
    edge: 'ppid',
    label: depth + 1 >= DEEPEST && below > 0 ? `${commandOf(process)} …` : commandOf(process),
    container: container.id,
    namespaces: ownTypes(snapshot, process),
    children: processNodes(snapshot, container, process, children, depth + 1),
  };
}

/** The command line where it was read; comm where it was not; comm in brackets, as ps writes it, where there is none (kernel threads, zombies). */
export function commandOf(process: Process): string {
  if (process.cmdline === null && !process.kernelThread && process.state !== 'Z') return process.comm;
  const words = process.cmdline?.ok ? process.cmdline.value.join(' ') : '';
  return words === '' ? `[${process.comm}]` : words;
}
