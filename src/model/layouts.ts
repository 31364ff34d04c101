// From a cgroup path to an engine and a container's id: one table of path layouts, a row an engine's habit (kernel-facts.md §4).
import type { Engine } from './types.ts';

interface Layout {
  readonly engine: Engine;
  /** Matches one or more whole components of the path; group `id` is the container's id or name. */
  readonly pattern: RegExp;
}

const ID = '(?<id>[0-9a-f]{64})';

// The order breaks ties where two rows match at one place: the more particular first.
const LAYOUTS: readonly Layout[] = [
  { engine: 'docker', pattern: new RegExp(`^docker-${ID}\\.scope$`) },
  { engine: 'kubernetes', pattern: new RegExp(`^cri-containerd-${ID}\\.scope$`) },
  { engine: 'crio', pattern: new RegExp(`^crio-${ID}\\.scope$`) },
  { engine: 'podman', pattern: new RegExp(`^libpod-(?:payload-)?${ID}(?:\\.scope)?$`) },
  { engine: 'kubernetes', pattern: new RegExp(`:cri-containerd:${ID}$`) },
  { engine: 'lxc', pattern: /^lxc\.payload\.(?<id>.+)$/ },
  { engine: 'nspawn', pattern: /^machine-(?<id>.+)\.scope$/ },
  { engine: 'nspawn', pattern: /^systemd-nspawn@(?<id>.+)\.service$/ },
];

// Layouts in which the component's parent says who the engine is.
const BELOW: readonly { readonly engine: Engine; readonly parent: RegExp; readonly id: RegExp }[] = [
  { engine: 'docker', parent: /^docker$/, id: new RegExp(`^${ID}$`) },
  { engine: 'kubernetes', parent: /^pod[0-9a-f-]{36}$/, id: new RegExp(`^${ID}$`) },
  { engine: 'podman', parent: /^libpod_parent$/, id: new RegExp(`^libpod-${ID}$`) },
  { engine: 'lxc', parent: /^lxc(?:\.payload)?$/, id: /^(?<id>[^/]+)$/ },
];

export interface LayoutMatch {
  readonly engine: Engine;
  readonly id: string;
  /** The container's own group: the path up to and with the component that matched. */
  readonly path: string;
}

/** systemd writes bytes that a unit name may not hold as `\xNN` (systemd.unit(5)). */
export function unescapeUnit(name: string): string {
  return name.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** The innermost container that a cgroup path speaks of; null where no layout fits. Processes may sit deeper than the match. */
export function matchLayout(path: string): LayoutMatch | null {
  const parts = path.split('/');
  for (let last = parts.length - 1; last > 0; last -= 1) {
    const part = parts[last] ?? '';
    const parent = parts[last - 1] ?? '';
    const found =
      LAYOUTS.map((layout) => ({ engine: layout.engine, match: layout.pattern.exec(part) })).find(
        ({ match }) => match,
      ) ??
      BELOW.filter((layout) => layout.parent.test(parent))
        .map((layout) => ({ engine: layout.engine, match: layout.id.exec(part) }))
        .find(({ match }) => match);
    const id = found?.match?.groups?.['id'];
    if (found && id)
      return { engine: found.engine, id: unescapeUnit(id), path: parts.slice(0, last + 1).join('/') };
  }
  return null;
}
