// From a cgroup path to engines and containers' ids: one table of path layouts, a row an engine's habit (kernel-facts.md §4).
// A path says what its maker called it and no more: who is really there is told by other witnesses (containers.ts).
import type { Engine } from './types.ts';

interface Layout {
  readonly engine: Engine;
  /** Matches one whole component of the path; group `id` is the container's id or name. */
  readonly component: RegExp;
  /** What the component above it must be; without it any. */
  readonly parent?: RegExp;
  /** Only as the second component of the whole path: group `namespace` of `parent` is the engine's namespace. */
  readonly top?: true;
  /** The group of the process that watches the container, not of the container: a monitor, a supervisor. */
  readonly watcher?: true;
}

const ID = '(?<id>[0-9a-f]{64})';
/** A pod's uid: a UUID, or of a static pod the hash of its file (kubelet). systemd's slices write `_` for `-`. */
const POD = '[0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32}';

// The order breaks ties where two rows match at one place: the more particular first.
const LAYOUTS: readonly Layout[] = [
  { engine: 'docker', component: new RegExp(`^docker-${ID}\\.scope$`) },
  { engine: 'kubernetes', component: new RegExp(`^cri-containerd-${ID}\\.scope$`) },
  { engine: 'crio', component: new RegExp(`^crio-${ID}(?:\\.scope)?$`) },
  { engine: 'crio', component: new RegExp(`^crio-conmon-${ID}(?:\\.scope)?$`), watcher: true },
  { engine: 'podman', component: new RegExp(`^libpod-(?:payload-)?${ID}(?:\\.scope)?$`) },
  { engine: 'podman', component: new RegExp(`^libpod-conmon-${ID}(?:\\.scope)?$`), watcher: true },
  { engine: 'kubernetes', component: new RegExp(`:cri-containerd:${ID}$`) },
  // What the runtimes call a scope where nobody chose a name (--systemd-cgroup without cgroupsPath).
  { engine: 'runc', component: /^runc-(?<id>.+)\.scope$/ },
  { engine: 'crun', component: /^crun-(?<id>.+)\.scope$/ },
  { engine: 'lxc', component: /^lxc\.payload\.(?<id>.+)$/ },
  { engine: 'lxc', component: /^lxc\.monitor\.(?<id>.+)$/, watcher: true },
  { engine: 'nspawn', component: /^systemd-nspawn@(?<id>.+)\.service$/ },
  // libvirt's machines have such scopes too: machine-qemu\x2d1\x2dNAME.scope, machine-lxc\x2d1\x2dNAME.scope.
  { engine: 'nspawn', component: /^machine-(?!(?:qemu|lxc)\\x2d)(?<id>.+)\.scope$/ },
  { engine: 'docker', parent: /^docker$/, component: new RegExp(`^${ID}$`) },
  { engine: 'kubernetes', parent: new RegExp(`^pod(?:${POD})$`), component: new RegExp(`^${ID}$`) },
  { engine: 'lxc', parent: /^lxc(?:\.payload)?$/, component: /^(?<id>.+)$/ },
  { engine: 'lxc', parent: /^lxc\.monitor$/, component: /^(?<id>.+)$/, watcher: true },
  // ctr and other plain clients of containerd: any words would do; these namespaces are the usual ones.
  {
    engine: 'containerd',
    parent: /^(?<namespace>default|buildkit|k8s\.io)$/,
    component: /^(?<id>.+)$/,
    top: true,
  },
];

export interface LayoutMatch {
  readonly engine: Engine;
  readonly id: string;
  /** The container's own group: the path up to and with the component that matched. */
  readonly path: string;
  /** containerd's namespace, where the path tells it. */
  readonly namespace: string | null;
  /** True where the group holds the process that watches the container: the container itself is elsewhere. */
  readonly watcher: boolean;
}

/** systemd writes bytes that a unit name may not hold as `\xNN` (systemd.unit(5)). */
export function unescapeUnit(name: string): string {
  return name.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** What the component at `at` of a path (split at `/`) speaks of; null where no layout fits there. */
export function matchComponent(parts: readonly string[], at: number): LayoutMatch | null {
  const part = parts[at] ?? '';
  const parent = parts[at - 1] ?? '';
  for (const layout of LAYOUTS) {
    if (layout.top && at !== 2) continue;
    const above = layout.parent?.exec(parent);
    if (above === null) continue;
    const id = layout.component.exec(part)?.groups?.['id'];
    if (!id) continue;
    // nspawn puts itself beside its payload (systemd-nspawn(1), --keep-unit and the scope's delegation).
    const supervisor = layout.engine === 'nspawn' && parts[at + 1] === 'supervisor';
    return {
      engine: layout.engine,
      id: unescapeUnit(id),
      path: parts.slice(0, at + 1).join('/'),
      namespace: above?.groups?.['namespace'] ?? null,
      watcher: layout.watcher === true || supervisor,
    };
  }
  return null;
}

/** Every container that a path speaks of, outermost first: engines within engines. */
export function layoutChain(path: string): readonly LayoutMatch[] {
  const parts = path.split('/');
  return parts.flatMap((_, at) => (at === 0 ? [] : (matchComponent(parts, at) ?? [])));
}

/** The innermost container that a cgroup path speaks of; null where no layout fits. Processes may sit deeper than the match. */
export function matchLayout(path: string): LayoutMatch | null {
  return layoutChain(path).findLast(({ watcher }) => !watcher) ?? null;
}

const POD_COMPONENT = new RegExp(`(?:^|-)pod(?<uid>${POD})(?:\\.slice(?::.*)?)?$`);

/** The uid of the Kubernetes pod in whose group a path is, with `-` as the API writes it; null where it is in none. */
export function podOf(path: string): string | null {
  for (const part of path.split('/').toReversed()) {
    const uid = POD_COMPONENT.exec(part)?.groups?.['uid'];
    if (uid !== undefined) return uid.replaceAll('_', '-');
  }
  return null;
}

/** The uid of the user in whose slice a path is (user@UID.service, user-UID.slice; logind's layout); null outside of any. */
export function userOfPath(path: string): number | null {
  const match = /\/user@(\d+)\.service(?:\/|$)/.exec(path) ?? /\/user-(\d+)\.slice(?:\/|$)/.exec(path);
  return match ? Number(match[1]) : null;
}
