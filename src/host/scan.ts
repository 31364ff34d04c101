// One look at a host: reads what the kernel says now, and puts it together as a Snapshot. Owners of namespaces and names of containers
// come from relations.ts and engine-api.ts and are handed in.
import { NS_FACTS, NS_TYPES, type NsType } from '../kernel/namespaces.ts';
import { parseMountinfo } from '../kernel/proc/mountinfo.ts';
import { mapReading, type Reading, unread } from '../kernel/reading.ts';
import { assembleContainers } from '../model/containers.ts';
import { engineRole } from '../model/engine-role.ts';
import { isNotable, sortHolders } from '../model/holders.ts';
import { hostNamespaces, isInsideContainer } from '../model/hostview.ts';
import { checkRecords } from '../model/runtime.ts';
import type {
  Container,
  Coverage,
  Holder,
  Mount,
  Namespace,
  Process,
  ProcessRef,
  Reach,
  Snapshot,
  UnreadEntry,
} from '../model/types.ts';
import { ParseError } from '../text/errors.ts';
import { clean } from '../text/sanitize.ts';
import { type DeepLook, type Finding, namespaceOf } from './deep-findings.ts';
import { type EngineAnswers, NO_ANSWERS } from './engine-api.ts';
import type { HostFs } from './fs.ts';
import { readGroup } from './groups.ts';
import { readHierarchies } from './hierarchies.ts';
import type { Kept } from './kept.ts';
import { readProcesses, withCmdline } from './processes.ts';
import type { Relation, Relations } from './relations.ts';
import { readRuntimes } from './runtimes.ts';

/** USER_HZ is 100 on every architecture that Node runs on (proc_pid_stat(5), sysconf(3)). */
const CLOCK_TICKS = 100;

export interface ScanOptions {
  /** Processes whose control files and command lines are wanted too. */
  readonly watch?: readonly ProcessRef[];
  /** Command lines of every process (it takes each one's mmap lock): for an answer printed once, not for a refresh. */
  readonly cmdlines?: 'all' | 'needed';
  readonly engines?: EngineAnswers;
  /** What a deep look found just before (deep.ts); entries of processes that have ended since are left out. */
  readonly deep?: DeepLook;
  /** This program's pid; 0 for a recording. */
  readonly self: number;
  readonly uid: number;
  /** What the last scan left: processes that nothing points at are then read in turns (kept.ts). Filled with what this one finds. */
  readonly kept?: Kept;
  /** With `kept`: every process is read all the same. */
  readonly anew?: boolean;
}

/** Reads the host once. Synchronous, for a worker or a command that prints and ends; `relations.prepare()` has been awaited before. */
export function scan(fs: HostFs, relations: Relations, options: ScanOptions): Snapshot {
  const takenAt = Date.now();
  const unreadFiles: UnreadEntry[] = [];
  const mounts = readMounts(fs, unreadFiles);
  const hierarchies = readHierarchies(fs, mounts);
  const { kept, watch = [] } = options;
  const read = readProcesses(fs, options.self, {
    ...(kept ? { kept } : {}),
    wanted: options.anew ? 'all' : watch,
  });
  unreadFiles.push(...read.unread);
  const seen = { processes: read.processes, self: options.self };
  const facts = checkRecords(readRuntimes(fs, read.processes), seen);
  const engines = options.engines ?? NO_ANSWERS;
  const containers = assembleContainers(seen, facts, engines.containers);
  const namespaces = gatherNamespaces(relations, read.processes, mounts, options);
  const processes = addCmdlines(fs, read.processes, containers, namespaces, options);
  const groups = watch.flatMap((ref) => {
    const process = processes.find(
      (candidate) => candidate.pid === ref.pid && candidate.starttime === ref.starttime,
    );
    return process ? [readGroup(fs, hierarchies, process)] : [];
  });
  return {
    takenAt,
    source: { kind: fs.kind, title: fs.title },
    host: {
      hostname: mapReading(fs.readText('/proc/sys/kernel/hostname'), (text) => clean(text.trim())),
      kernel: mapReading(fs.readText('/proc/sys/kernel/osrelease'), (text) => clean(text.trim())),
      clockTicks: CLOCK_TICKS,
      uid: options.uid,
      engines: engines.engines,
    },
    nsDev: nsDevice(fs, options.self),
    self: options.self,
    processes,
    namespaces,
    mounts,
    hierarchies,
    containers,
    groups,
    coverage: coverageOf({ processes, self: options.self }, mounts, relations.how, unreadFiles, options.deep),
  };
}

function readMounts(fs: HostFs, unreadFiles: UnreadEntry[]): readonly Mount[] {
  const path = fs.kind === 'live' ? '/proc/self/mountinfo' : '/proc/1/mountinfo';
  const text = fs.readText(path);
  if (!text.ok) {
    unreadFiles.push({ path, why: text.why });
    return [];
  }
  try {
    return parseMountinfo(text.value, path);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    unreadFiles.push({ path, why: 'unsupported' });
    return [];
  }
}

function nsDevice(fs: HostFs, self: number): number | null {
  const stat = fs.stat(`/proc/${self > 0 ? self : 1}/ns/uts`);
  return stat.ok && stat.value.dev !== 0 ? stat.value.dev : null;
}

interface Draft {
  readonly type: NsType;
  readonly inode: number;
  readonly members: number[];
  readonly pins: string[];
  readonly holders: Holder[];
  /** Files that lead to it, and the identity of what holds each; the first that can be opened counts. */
  readonly ways: { readonly path: string; readonly key: string }[];
}

function draftOf(drafts: Map<string, Draft>, type: NsType, inode: number): Draft {
  const id = `${type}:${inode}`;
  const known = drafts.get(id);
  if (known) return known;
  const made: Draft = { type, inode, members: [], pins: [], holders: [], ways: [] };
  drafts.set(id, made);
  return made;
}

function gatherNamespaces(
  relations: Relations,
  processes: readonly Process[],
  mounts: readonly Mount[],
  options: Pick<ScanOptions, 'self' | 'deep'>,
): readonly Namespace[] {
  const { self, deep } = options;
  const host = hostNamespaces({ processes, self });
  const drafts = new Map<string, Draft>();
  // By number alone: no key has to be put together for each link of each process.
  for (const type of NS_TYPES) {
    const known = new Map<number, Draft>();
    for (const process of processes) {
      const link = process.ns[type];
      if (!link.ok) continue;
      let draft = known.get(link.value);
      if (!draft) {
        draft = draftOf(drafts, type, link.value);
        known.set(link.value, draft);
      }
      draft.members.push(process.pid);
      if (draft.members.length === 1)
        draft.ways.push({
          path: `/proc/${process.pid}/ns/${type}`,
          key: `${type}:${link.value} ${process.pid} ${process.starttime}`,
        });
    }
  }
  for (const mount of mounts) {
    // The root of an nsfs mount is the link's text, as `net:[4026532177]`.
    const named = mount.fstype === 'nsfs' ? namespaceOf(mount.root) : null;
    if (!named) continue;
    const draft = draftOf(drafts, named.type, named.inode);
    // A directory that is bound onto itself (as `ip netns` does) shows each mount below it twice.
    if (draft.pins.includes(mount.mountPoint)) continue;
    draft.pins.push(mount.mountPoint);
    if (deep) draft.holders.push(ownPin(mount, processes, self, host));
    draft.ways.push({ path: mount.mountPoint, key: `${mount.root} mount ${mount.id}` });
  }
  if (deep) addFindings(drafts, deep.findings, processes);
  const found = new Map<string, Relation>();
  for (const draft of drafts.values()) {
    for (const relation of relationsOf(relations, draft)) {
      const id = `${relation.type}:${relation.inode}`;
      const known = found.get(id);
      if (!known || (!known.owner.ok && relation.owner.ok)) found.set(id, relation);
    }
  }
  const below = deep ? holdersBelow([...found.values()]) : new Map<string, readonly Holder[]>();
  return [...found.values()]
    .map((relation) => {
      const id = `${relation.type}:${relation.inode}`;
      return finishNamespace(relation, drafts.get(id), host, below.get(id) ?? []);
    })
    .sort((a, b) => NS_TYPES.indexOf(a.type) - NS_TYPES.indexOf(b.type) || a.inode - b.inode);
}

/** The answer by the first way that leads there. None where every way has closed meanwhile: the namespace went with it. */
function relationsOf(relations: Relations, draft: Draft): readonly Relation[] {
  let answers: readonly Relation[] = [];
  for (const { path, key } of draft.ways) {
    answers = relations.of(draft.type, draft.inode, path, key);
    if (answers[0]?.owner.ok) return answers;
  }
  const refused = answers[0]?.owner;
  const passing = draft.members.length === 0 && draft.pins.length === 0;
  if (refused && !refused.ok && refused.why === 'gone' && passing && !draft.holders.some(isMount)) return [];
  if (answers.length > 0) return answers;
  const unknown = unread('unsupported', `${draft.type}:[${draft.inode}]`);
  return [{ type: draft.type, inode: draft.inode, owner: unknown, parent: unknown }];
}

/** A mount that another covers holds its namespace, though its path leads elsewhere. */
function isMount(holder: Holder): boolean {
  return holder.kind === 'mount';
}

function ownPin(
  mount: Mount,
  processes: readonly Process[],
  self: number,
  host: Readonly<Record<NsType, Reading<number>>>,
): Holder {
  const own = processes.find(({ pid }) => pid === self)?.ns.mnt ?? host.mnt;
  return {
    kind: 'mount',
    filesystem: 'nsfs',
    path: mount.mountPoint,
    mountNamespace: own.ok ? own.value : null,
    via: null,
  };
}

function addFindings(
  drafts: Map<string, Draft>,
  findings: readonly Finding[],
  processes: readonly Process[],
): void {
  const byPid = new Map(processes.map((process) => [process.pid, process]));
  for (const { type, inode, holder, by, path } of findings) {
    const process = byPid.get(by.pid);
    if (process?.starttime !== by.starttime) continue;
    // It has moved since the deep look: what was apart is a plain membership now.
    const link = process.ns[type];
    if ((holder.kind === 'thread' || holder.kind === 'forChildren') && link.ok && link.value === inode)
      continue;
    const draft = draftOf(drafts, type, inode);
    draft.holders.push(holder);
    if (path !== null) draft.ways.push({ path, key: `${type}:${inode} ${path} ${by.starttime}` });
  }
}

/** Children of pid and user namespaces, and what user namespaces own beside those. */
function holdersBelow(relations: readonly Relation[]): ReadonlyMap<string, readonly Holder[]> {
  const below = new Map<string, Holder[]>();
  const add = (id: string, holder: Holder): void => {
    const known = below.get(id);
    if (known) known.push(holder);
    else below.set(id, [holder]);
  };
  for (const { type, inode, owner, parent } of relations) {
    const up = parent.ok ? parent.value : null;
    if (up !== null) add(`${type}:${up}`, { kind: 'child', type, inode });
    // A user namespace's owner is its parent.
    if (owner.ok && owner.value !== null && !(type === 'user' && up === owner.value))
      add(`user:${owner.value}`, { kind: 'owned', type, inode });
  }
  return below;
}

function finishNamespace(
  relation: Relation,
  draft: Draft | undefined,
  host: Readonly<Record<NsType, Reading<number>>>,
  below: readonly Holder[],
): Namespace {
  const { type, inode } = relation;
  const fixed = NS_FACTS[type].initialInode;
  const hosts = host[type];
  const initial = fixed === null ? hosts.ok && hosts.value === inode : fixed === inode;
  const holders = [...(draft?.holders ?? []), ...below];
  return {
    type,
    inode,
    initial,
    members: draft?.members ?? [],
    owner: relation.owner,
    parent: relation.parent,
    pins: draft?.pins ?? [],
    holders: sortHolders(initial ? holders.filter(isNotable) : holders),
  };
}

function addCmdlines(
  fs: HostFs,
  processes: readonly Process[],
  containers: readonly Container[],
  namespaces: readonly Namespace[],
  options: ScanOptions,
): readonly Process[] {
  const wanted = new Set<number>([
    ...containers.flatMap((container) => container.pids),
    ...namespaces.flatMap(({ members }) => members.slice(0, 1)),
    ...(options.watch ?? []).map(({ pid }) => pid),
  ]);
  const all = options.cmdlines === 'all';
  return processes.map((process) =>
    all || wanted.has(process.pid) || engineRole(process) !== null
      ? withCmdline(fs, process, options.kept)
      : process,
  );
}

function coverageOf(
  seen: Pick<Snapshot, 'processes' | 'self'>,
  mounts: readonly Mount[],
  owners: Coverage['owners'],
  files: readonly UnreadEntry[],
  look: DeepLook | undefined,
): Coverage {
  const deep = look?.coverage ?? null;
  // A recording that holds no thread and no fd at all has not been looked at for them.
  const scanned = (reach: Reach | undefined) =>
    reach && reach.read + reach.denied > 0 ? 'scanned' : 'not scanned';
  // A later mount covers an earlier one.
  const proc = mounts.findLast((mount) => mount.mountPoint === '/proc' && mount.fstype === 'proc');
  return {
    processes: seen.processes.length,
    denied: seen.processes.filter(({ ns }) => !ns.user.ok && ns.user.why === 'denied').length,
    procOptions: (proc?.superOptions ?? []).filter((option) => /^(hidepid|subset|gid)=/.test(option)),
    threads: scanned(deep?.threads),
    fds: scanned(deep?.fds),
    mountNamespaces: deep ? 'scanned' : 'not scanned',
    deep,
    owners,
    insideContainer: seen.self > 0 && isInsideContainer(seen),
    unread: files,
  };
}
