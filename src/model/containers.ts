// Puts containers together from what several witnesses say: runtimes' records, shims, cgroup paths, the engine's API. Reads nothing.
import { isDeleted, withoutDeleted } from '../kernel/proc/cgroup.ts';
import { clean } from '../text/sanitize.ts';
import { hostNamespaces } from './hostview.ts';
import { type LayoutMatch, matchComponent, podOf, userOfPath } from './layouts.ts';
import type { RuntimeFacts } from './runtime.ts';
import type { Confidence, Container, Engine, Evidence, Process, ProcessRef } from './types.ts';

/** What an engine's API says of one container. */
export interface EngineFacts {
  readonly engine: Engine;
  readonly id: string;
  readonly name: string | null;
  readonly image: string | null;
  /** Owner of the socket that said it: a user's engine speaks for that user's containers alone. Absent: the system's. */
  readonly user?: number;
}

interface Seen {
  readonly processes: readonly Process[];
  readonly self: number;
}

interface Draft {
  readonly id: string;
  engine: Engine;
  namespace: string | null;
  user: number | null;
  /** Those that speak of it: a bundle and a state, or a conmon and a state. */
  readonly facts: RuntimeFacts[];
  /** A layout's word, where a process sits in such a group. */
  layout: LayoutMatch | null;
  cgroupPath: string | null;
  parent: string | null;
  watcher: Process | null;
  readonly pids: Set<number>;
}

/**
 * Containers by id, ascending. A container is there if a process sits in a cgroup that a layout knows, or if a runtime's record or a shim tells of
 * it (also without a process: then the shim is leaked, or the container is stopped, just starting or ending). The API adds names and
 * images only: a container that only the API knows is not running and is not listed.
 */
export function assembleContainers(
  seen: Seen,
  facts: readonly RuntimeFacts[],
  engines: readonly EngineFacts[],
): readonly Container[] {
  const drafts = new Map<string, Draft>();
  const byPath = new Map<string, string>();
  // The system's own records come first: no user's can take a group from them.
  for (const one of facts.toSorted((a, b) => Number(isUsers(a.user)) - Number(isUsers(b.user)))) {
    const key = keyOf(one.engine, one.namespace, one.user, one.id);
    const draft = drafts.get(key) ?? emptyDraft(one.id, one.engine, one.namespace, one.user);
    draft.facts.push(one);
    // Who runs the runtime says more than the runtime.
    if (isRuntime(draft.engine) && !isRuntime(one.engine)) draft.engine = one.engine;
    draft.namespace ??= one.namespace;
    draft.cgroupPath ??= one.cgroupPath;
    drafts.set(key, draft);
    if (one.cgroupPath !== null && one.cgroupPath !== '/' && !byPath.has(one.cgroupPath))
      byPath.set(one.cgroupPath, key);
  }
  const claimed = claimedPids(seen, drafts);
  // Most processes share a few cgroups: each path is looked at once, and where a scan has shared the whole file each file.
  const known = new Map<string, Place>();
  const placed = new Map<Process['cgroups'], Place>();
  for (const process of seen.processes) {
    let place = placed.get(process.cgroups);
    if (!place) {
      place = placeOf(process, byPath, known);
      placed.set(process.cgroups, place);
    }
    if (place.watched) draftAt(drafts, place.watched).watcher ??= process;
    const key = claimed.get(process.pid) ?? innermost(drafts, place)?.key;
    if (key !== undefined) drafts.get(key)?.pids.add(process.pid);
  }
  tellParents(drafts, known, claimed);
  const byPid = new Map(seen.processes.map((process) => [process.pid, process]));
  const around = new Set([...drafts.values()].map(({ parent }) => parent));
  return (
    [...drafts.values()]
      // What only a watcher's group tells of (a conmon whose container is gone) is no container; one that holds nothing but another is.
      .filter(({ id, facts, pids }) => facts.length > 0 || pids.size > 0 || around.has(id))
      .map((draft) => finish(draft, byPid, engines))
      .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : a.engine < b.engine ? -1 : 1))
  );
}

function isUsers(user: number | null): boolean {
  return user !== null && user !== 0;
}

function isRuntime(engine: Engine): boolean {
  return engine === 'runc' || engine === 'crun';
}

/** Ids of 64 digits are random and never meet; free words (ctr, LXC, runc) can be the same in two engines. */
function keyOf(engine: Engine, namespace: string | null, user: number | null, id: string): string {
  const family = /^[0-9a-f]{64}$/.test(id) ? '' : `${engine} ${namespace ?? ''}`;
  return `${user ?? 0} ${family} ${id}`;
}

function emptyDraft(id: string, engine: Engine, namespace: string | null, user: number | null): Draft {
  return {
    id,
    engine,
    namespace,
    user,
    facts: [],
    layout: null,
    cgroupPath: null,
    parent: null,
    watcher: null,
    pids: new Set(),
  };
}

interface Step {
  readonly key: string;
  /** The container's group. */
  readonly path: string;
  /** null where a record's own path says it, in which no layout is needed. */
  readonly layout: LayoutMatch | null;
}

/** The containers that a process' paths lead through, outermost first, and the one that it watches. */
interface Place {
  readonly chain: readonly Step[];
  readonly watched: Step | null;
}

const NOWHERE: Place = { chain: [], watched: null };

/** Of the hierarchies the one in which a record's own group stands, else the one that tells most. */
function placeOf(process: Process, byPath: ReadonlyMap<string, string>, known: Map<string, Place>): Place {
  if (!process.cgroups.ok) return NOWHERE;
  let best = NOWHERE;
  for (const { path } of process.cgroups.value) {
    let place = known.get(path);
    if (!place) {
      place = placeOfPath(withoutDeleted(path), byPath);
      // A zombie is left in a group that was removed: without a record its container is no more.
      if (isDeleted(path) && place.chain.at(-1)?.layout !== null) place = NOWHERE;
      known.set(path, place);
    }
    if (rank(place) > rank(best)) best = place;
  }
  return best;
}

function rank(place: Place): number {
  const recorded = place.chain.at(-1)?.layout === null ? 1000 : 0;
  return recorded + place.chain.length * 2 + (place.watched ? 1 : 0);
}

function placeOfPath(path: string, byPath: ReadonlyMap<string, string>): Place {
  const parts = path.split('/');
  const chain: Step[] = [];
  let watched: Step | null = null;
  for (let at = 1; at < parts.length; at += 1) {
    const here = parts.slice(0, at + 1).join('/');
    const recorded = byPath.get(here);
    const layout = matchComponent(parts, at);
    if (layout?.watcher) watched = stepOf(layout);
    else if (recorded !== undefined) chain.push({ key: recorded, path: here, layout: null });
    else if (layout) chain.push(stepOf(layout));
  }
  return { chain, watched };
}

function stepOf(layout: LayoutMatch): Step {
  const user = userOfPath(layout.path);
  return {
    key: keyOf(layout.engine, layout.namespace, user, layout.id),
    path: layout.path,
    layout,
  };
}

function draftAt(drafts: Map<string, Draft>, { key, path, layout }: Step): Draft {
  const known = drafts.get(key);
  if (known && layout && !layout.watcher) {
    known.layout ??= layout;
    known.cgroupPath ??= path;
  }
  if (known) return known;
  const made = emptyDraft(
    layout?.id ?? key,
    layout?.engine ?? 'runc',
    layout?.namespace ?? null,
    userOfPath(path) ?? 0,
  );
  if (layout) made.layout = layout;
  if (layout && !layout.watcher) made.cgroupPath = path;
  drafts.set(key, made);
  return made;
}

/** The innermost container of a place. Those around it are made known too: an engine's container may hold nothing but another engine. */
function innermost(drafts: Map<string, Draft>, { chain }: Place): Step | undefined {
  for (const step of chain) draftAt(drafts, step);
  return chain.at(-1);
}

/**
 * Of containers that have no group of their own (crun without a cgroup manager, a rootless runc on v1): the first process and those in its pid
 * namespace, or, where that is the host's, its descendants.
 */
function claimedPids(seen: Seen, drafts: ReadonlyMap<string, Draft>): ReadonlyMap<number, string> {
  const claimed = new Map<number, string>();
  const host = hostNamespaces(seen).pid;
  for (const [key, draft] of drafts) {
    const init = draft.facts.find((one) => one.evidence.includes('state'))?.init;
    if (!init || draft.cgroupPath !== null) continue;
    const first = seen.processes.find(({ pid }) => pid === init.pid);
    const own = first?.ns.pid.ok && host.ok && first.ns.pid.value !== host.value ? first.ns.pid.value : null;
    const family = own === null ? descendants(seen.processes, init.pid) : null;
    for (const process of seen.processes) {
      const inside = process.ns.pid.ok && process.ns.pid.value === own;
      if (process.pid === init.pid || inside || family?.has(process.pid)) claimed.set(process.pid, key);
    }
  }
  return claimed;
}

function descendants(processes: readonly Process[], pid: number): ReadonlySet<number> {
  const found = new Set([pid]);
  // Children may have lower pids than their parents: again until nothing is new.
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const process of processes) if (found.has(process.ppid)) found.add(process.pid);
  }
  return found;
}

/** The container around each: by the group's path, or by the place of its shim. */
function tellParents(
  drafts: ReadonlyMap<string, Draft>,
  known: ReadonlyMap<string, Place>,
  claimed: ReadonlyMap<number, string>,
): void {
  for (const { chain } of known.values()) {
    for (const [at, step] of chain.entries()) {
      const above = drafts.get(chain[at - 1]?.key ?? '');
      const draft = drafts.get(step.key);
      if (above && draft) putBelow(draft, above, drafts);
    }
  }
  const containing = new Map<number, Draft>();
  for (const draft of drafts.values()) for (const pid of draft.pids) containing.set(pid, draft);
  for (const draft of drafts.values()) {
    const shim = draft.facts.find((one) => one.shim)?.shim;
    const around = shim ? containing.get(shim.pid) : undefined;
    if (around && !claimed.has(shim?.pid ?? 0)) putBelow(draft, around, drafts);
  }
}

/** The first word counts; names of groups can be written so that each is within the other. */
function putBelow(draft: Draft, above: Draft, drafts: ReadonlyMap<string, Draft>): void {
  if (draft.parent !== null) return;
  const byId = new Map([...drafts.values()].map((one) => [one.id, one]));
  const seen = new Set<Draft>([draft]);
  for (let at: Draft | undefined = above; at; at = at.parent === null ? undefined : byId.get(at.parent)) {
    if (seen.has(at)) return;
    seen.add(at);
  }
  draft.parent = above.id;
}

function finish(
  draft: Draft,
  byPid: ReadonlyMap<number, Process>,
  engines: readonly EngineFacts[],
): Container {
  const { id, facts, layout } = draft;
  const first = <T>(of: (one: RuntimeFacts) => T | null): T | null => {
    for (const one of facts) {
      const found = of(one);
      if (found !== null) return found;
    }
    return null;
  };
  const api = engines.find((one) => one.id === id && isFor(one, draft)) ?? null;
  const members = [...draft.pids].sort((a, b) => a - b).flatMap((pid) => byPid.get(pid) ?? []);
  const shim = first((one) => one.shim) ?? refOf(draft.watcher);
  const init = initOf(members, facts);
  const entered = new Set(facts.flatMap((one) => one.execs.map(({ pid }) => pid)));
  const annotated = first((one) => one.pod);
  const podUid = annotated?.uid ?? (draft.cgroupPath === null ? null : podOf(draft.cgroupPath));
  const evidence = evidenceOf(draft, api !== null, init);
  return {
    id,
    engine: api?.engine ?? draft.engine,
    engineNamespace: draft.namespace,
    // The engine's answer is cleaned where it is parsed; a recording's comes as it was written.
    name: api?.name == null ? first((one) => one.name) : clean(api.name),
    image: api?.image == null ? first((one) => one.image) : clean(api.image),
    evidence,
    confidence: confidenceOf(evidence, layout),
    user: draft.user,
    parent: draft.parent,
    pod:
      podUid === null && annotated === null
        ? null
        : { namespace: null, name: null, ...annotated, uid: podUid },
    sandbox: facts.some((one) => one.sandbox) || isPause(members, podUid !== null),
    init: refOf(init),
    stale: init ? null : first((one) => one.stale),
    shim,
    pids: members.map((process) => process.pid),
    execSessions: members
      .filter(
        ({ pid, ppid }) =>
          pid !== init?.pid && (entered.has(pid) || (facts.length > 0 && ppid === shim?.pid)),
      )
      .map((process) => process.pid),
    bundle: first((one) => one.bundle),
    cgroupPath: draft.cgroupPath,
  };
}

function isFor(api: EngineFacts, { user }: Draft): boolean {
  return !isUsers(api.user ?? null) || api.user === user;
}

function refOf(process: Process | null): ProcessRef | null {
  return process ? { pid: process.pid, starttime: process.starttime } : null;
}

const ORDER: readonly Evidence[] = ['api', 'bundle', 'state', 'shim', 'cgroup'];

function evidenceOf(draft: Draft, api: boolean, init: Process | null): readonly Evidence[] {
  const found = new Set<Evidence>(draft.facts.flatMap(({ evidence }) => evidence));
  if (api) found.add('api');
  if (draft.watcher) found.add('shim');
  // A record whose first process is not among those that the group holds has not been confirmed.
  if (!init) found.delete('state');
  if (draft.pids.size > 0 && (draft.layout || draft.cgroupPath !== null)) found.add('cgroup');
  return ORDER.filter((one) => found.has(one));
}

const PROOFS: readonly Evidence[] = ['api', 'bundle', 'state'];

/** Layouts whose words anybody may choose for a group of their own. */
const FREE: readonly Engine[] = ['containerd', 'lxc'];

function confidenceOf(evidence: readonly Evidence[], layout: LayoutMatch | null): Confidence {
  if (PROOFS.some((one) => evidence.includes(one))) return 'certain';
  if (evidence.includes('shim')) return 'likely';
  return layout && !FREE.includes(layout.engine) ? 'likely' : 'guess';
}

/** Kubernetes' pause: in a pod, alone, and of that name. */
function isPause(members: readonly Process[], inPod: boolean): boolean {
  return inPod && members.length === 1 && members[0]?.comm === 'pause';
}

/**
 * The first process: the one that a checked record names. Where a record names one that is not there, none. Without a record, the oldest
 * member whose parent is no member. The last number of NSpid is no test: a container that joined another's pid namespace has a
 * first process that is not 1.
 */
function initOf(members: readonly Process[], facts: readonly RuntimeFacts[]): Process | null {
  const checked = facts.find((one) => one.evidence.includes('state'))?.init;
  if (checked) return members.find(({ pid }) => pid === checked.pid) ?? null;
  if (facts.some((one) => one.stale !== null)) return null;
  const told = facts.find((one) => one.init !== null)?.init;
  const pids = new Set(members.map((process) => process.pid));
  const entered = new Set(facts.flatMap((one) => one.execs.map(({ pid }) => pid)));
  const roots = members
    .filter((process) => !pids.has(process.ppid) && !entered.has(process.pid))
    .sort((a, b) => a.starttime - b.starttime || a.pid - b.pid);
  return roots.find(({ pid }) => pid === told?.pid) ?? roots[0] ?? null;
}
