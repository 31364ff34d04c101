// Records a host: one scan through a HostFs that keeps what it is asked, with what may be private left out. The text's form is recorded-fs.ts'.
import { mapReading, type Reading, unread, value } from '../kernel/reading.ts';
import { engineRole } from '../model/engine-role.ts';
import type { Process, Snapshot } from '../model/types.ts';
import { type EngineInspect, parseInspect } from '../oci/inspect.ts';
import { ParseError } from '../text/errors.ts';
import { readDeep } from './deep.ts';
import { namespaceOf } from './deep-findings.ts';
import { type EngineAnswers, inspectTexts } from './engine-api.ts';
import { ENGINES_PATH, enginesText, inspectPath, recordedInspects } from './engine-text.ts';
import type { HostFs } from './fs.ts';
import { examineGroups } from './examine-groups.ts';
import { examineHost } from './examine-host.ts';
import { enginesOf, type Host, READER_PATH, takeSnapshot } from './host.ts';
import { insideFile } from './inside.ts';
import { type Entry, printRecording, type Stat } from './recorded-fs.ts';
import { RELATIONS_PATH, relationsText } from './relations-text.ts';
import { hideDirectories, keptConfig, keptInspect, keptOwnMounts } from './record-container.ts';
import { scan } from './scan.ts';
import { lookAtContainers } from './story.ts';

/** Mounts that tell of cgroups, namespaces and /proc; others may name a person's directories. */
const MOUNTS_KEPT = /^(cgroup|cgroup2|nsfs|proc)$/;

export interface RecordOptions {
  readonly title: string;
  /** `engines`: only the engines' and their containers' processes, pid 1 and kthreadd; for a recording that is given away. */
  readonly processes: 'all' | 'engines';
  /**
   * Command lines that become their first word: `all` but the engines' (which tell daemons apart), `others` than engines' and
   * containers', or `nothing`. But for `nothing` the host's name becomes `host`.
   */
  readonly redact: 'all' | 'others' | 'nothing';
}

/** pid 1 and kthreadd carry the initial namespaces' links; the rest of the few belongs to an engine. */
function isKept(snapshot: Snapshot, process: Process, options: RecordOptions): boolean {
  if (options.processes === 'all' || process.pid === 1 || process.pid === 2) return true;
  return engineRole(process) !== null || isContained(snapshot, process) || isWatcher(snapshot, process);
}

function isContained(snapshot: Snapshot, process: Process): boolean {
  return snapshot.containers.some((container) => container.pids.includes(process.pid));
}

/** An LXC monitor, systemd-nspawn: their names are not an engine's alone. */
function isWatcher(snapshot: Snapshot, process: Process): boolean {
  return snapshot.containers.some(({ shim }) => shim?.pid === process.pid);
}

function isRedacted(snapshot: Snapshot, process: Process, { redact }: RecordOptions): boolean {
  if (redact === 'nothing' || engineRole(process) !== null) return false;
  return redact === 'all' || !isContained(snapshot, process);
}

/** `/proc/7/mountinfo` as pid and name; null for another path. */
function ownFile(path: string): { readonly pid: number; readonly name: string } | null {
  const [, pid, name] = /^\/proc\/(\d+)\/([^/]+)$/.exec(path) ?? [];
  return name === undefined ? null : { pid: Number(pid), name };
}

function keptMounts(text: string): string {
  return text
    .split('\n')
    .filter((line) => MOUNTS_KEPT.test(line.split(' - ')[1]?.split(' ')[0] ?? ''))
    .map((line) => `${line}\n`)
    .join('');
}

/** Of runc's state.json what nscope reads; its config holds mounts, hooks and a seccomp profile of a thousand lines. */
function keptState(text: string): string {
  try {
    const state: unknown = JSON.parse(text);
    if (typeof state !== 'object' || state === null) return text;
    const wanted = ['id', 'init_process_pid', 'init_process_start', 'cgroup_paths', 'namespace_paths'];
    const kept = Object.fromEntries(Object.entries(state).filter(([key]) => wanted.includes(key)));
    const labels = 'config' in state ? bundleLabel(state.config) : [];
    return JSON.stringify({ ...kept, config: { labels } });
  } catch {
    // Half written: what was seen is what is kept, and holds no more than its beginning.
    return text.slice(0, 64);
  }
}

function bundleLabel(config: unknown): readonly string[] {
  if (typeof config !== 'object' || config === null || !('labels' in config) || !Array.isArray(config.labels))
    return [];
  return config.labels.filter(
    (label): label is string => typeof label === 'string' && label.startsWith('bundle='),
  );
}

const FD = /^\/proc\/\d+(\/task\/\d+)?\/fd\/\d+$/;
const TASKS_OR_FDS = /^\/proc\/\d+(\/task|(\/task\/\d+)?\/fd)$/;
const THREAD_LINK = /^(\/proc\/\d+)\/task\/\d+(\/ns\/\w+)$/;

/** Without the threads' links that are as their process', which are most, and those that were not there. */
function dropPlainThreads(entries: Map<string, Entry>): void {
  for (const [path, entry] of entries) {
    const match = THREAD_LINK.exec(path);
    if (!match) continue;
    const own = entries.get(`${match[1]}${match[2]}`);
    const isPlain = entry.kind === 'link' && own?.kind === 'link' && own.target === entry.target;
    if (isPlain || (entry.kind === 'unread' && entry.why === 'gone')) entries.delete(path);
  }
}

/** What a person called a container's host. */
const PERSONS_NAME = /^\/nscope\/inside\/\d+\/proc\/sys\/kernel\/(?:host|domain)name$/;

interface Kept {
  readonly entries: Map<string, Entry>;
  readonly stats: Map<string, Stat>;
}

/** A HostFs that writes down what it answers, with `redact` between. */
function keeping(
  fs: HostFs,
  kept: Kept,
  redact: (path: string, text: string) => string,
  pids: ReadonlySet<number>,
): HostFs {
  const named = (path: string) => (path === '/proc/self/mountinfo' ? '/proc/1/mountinfo' : path);
  const keep = <T>(path: string, reading: Reading<T>, entry: (value: T) => Entry): Reading<T> => {
    kept.entries.set(named(path), reading.ok ? entry(reading.value) : { kind: 'unread', why: reading.why });
    return reading;
  };
  const file = (content: string): Entry => ({ kind: 'file', content });
  const { held } = fs;
  return {
    kind: fs.kind,
    title: fs.title,
    readText: (path) =>
      keep(
        path,
        mapReading(fs.readText(path), (text) => redact(path, text)),
        file,
      ),
    ...(held
      ? {
          held: (path, look) =>
            held(path, (read) =>
              look(() => {
                const text = read();
                keep(
                  path,
                  mapReading(text, (all) => redact(path, all)),
                  file,
                );
                return text;
              }),
            ),
        }
      : {}),
    readLink(path) {
      const link = fs.readLink(path);
      // Of open files the namespaces alone: others name files and sockets.
      if (FD.test(path) && !(link.ok && namespaceOf(link.value))) return link;
      return keep(path, link, (target) => ({ kind: 'link', target }));
    },
    list(path) {
      const names = fs.list(path);
      if (path === '/proc') return mapReading(names, (all) => all.filter((name) => pids.has(Number(name))));
      // That a process has no such file is told by an empty directory.
      return TASKS_OR_FDS.test(path) ? keep(path, names, () => ({ kind: 'dir' })) : names;
    },
    stat(path) {
      const found = fs.stat(path);
      if (found.ok) kept.stats.set(named(path), found.value);
      return found;
    },
  };
}

/** The text of a recording of `host`, which `recordedHost` reads: one scan, with what its options leave in. */
export async function recordHost(host: Host, options: RecordOptions): Promise<string> {
  const whole = await takeSnapshot(host);
  const engines = await enginesOf(host, whole);
  const processes = whole.processes.filter((process) => isKept(whole, process, options));
  const kept: Kept = { entries: new Map(), stats: new Map() };
  const plain = new Map(
    processes
      .filter((process) => isRedacted(whole, process, options))
      .map((process) => [`/proc/${process.pid}/cmdline`, `${process.comm}\0`]),
  );
  const contained = new Set(whole.containers.flatMap(({ pids }) => pids));
  const redact = (path: string, text: string): string => {
    if (path === '/proc/sys/kernel/hostname' && options.redact !== 'nothing') return 'host\n';
    const own = ownFile(path);
    if (own !== null && contained.has(own.pid)) {
      if (own.name === 'mountinfo') return keptOwnMounts(text, options.redact);
    } else if (path.endsWith('/mountinfo')) return keptMounts(text);
    if (path.endsWith('/config.json')) return keptConfig(text, options.redact);
    if (path === '/proc/stat') return /^btime .*\n/m.exec(text)?.[0] ?? '';
    if (path.endsWith('/state.json')) return keptState(text);
    // A kernel thread and a zombie have an empty one, which tells nothing.
    return text === '' ? text : (plain.get(path) ?? text);
  };
  const fs = keeping(host.fs, kept, redact, new Set(processes.map(({ pid }) => pid)));
  await host.relations.prepare();
  const deep = await readDeep(fs, { ...whole, processes });
  dropPlainThreads(kept.entries);
  const snapshot = scan(fs, host.relations, {
    watch: processes,
    engines,
    deep,
    cmdlines: 'all',
    self: host.self,
    uid: host.uid,
  });
  // What doctor asks of every group and of the host.
  examineGroups(fs, snapshot);
  examineHost(fs, snapshot);
  // Whose eyes saw it: what is denied to a user is not denied to root.
  if (host.uid !== 0) kept.entries.set(READER_PATH, { kind: 'file', content: `${host.uid}\n` });
  const inspects = await inspectsOf(host, engines);
  for (const { engine, id, text } of inspects)
    kept.entries.set(inspectPath(engine, id), { kind: 'file', content: keptInspect(text, options.redact) });
  const inside = await lookAtContainers({ ...host, fs }, snapshot, (_host, _snapshot, { id }) =>
    Promise.resolve(inspectIn(inspects, id)),
  );
  for (const [pid, values] of inside)
    for (const [path, reading] of Object.entries(values))
      if (reading.ok)
        kept.entries.set(insideFile(pid, path), { kind: 'file', content: `${reading.value}\n` });
  if (options.redact === 'all') {
    hideDirectories(kept.entries, contained);
    for (const path of kept.entries.keys()) if (PERSONS_NAME.test(path)) kept.entries.delete(path);
  }
  kept.entries.set(RELATIONS_PATH, { kind: 'file', content: relationsText(snapshot.namespaces) });
  kept.entries.set(ENGINES_PATH, { kind: 'file', content: enginesText(engines) });
  return printRecording({ title: options.title, entries: kept.entries, stats: kept.stats });
}

type Inspects = ReturnType<typeof recordedInspects>;

/** What each engine says of each of its containers; of a recorded host what was recorded. */
async function inspectsOf(host: Host, { engines }: EngineAnswers): Promise<Inspects> {
  if (host.fs.kind === 'recorded') return recordedInspects(host.fs);
  const answers = await Promise.all(
    engines.map(async ({ socket }, engine) =>
      (await inspectTexts(socket)).map((answer) => ({ engine, ...answer })),
    ),
  );
  return answers.flat();
}

function inspectIn(inspects: Inspects, id: string): Reading<EngineInspect> {
  const source = `GET /containers/${id}/json`;
  const found = inspects.find((one) => one.id === id);
  try {
    return found ? value(parseInspect(found.text, source)) : unread('unsupported', source);
  } catch (error) {
    if (error instanceof ParseError) return unread('unsupported', source);
    throw error;
  }
}

/** A snapshot without what may be private: command lines but the engines' are cut to comm, the host's name and other mounts are left out. */
export function redactSnapshot(snapshot: Snapshot): Snapshot {
  const options: RecordOptions = { title: '', processes: 'all', redact: 'all' };
  return {
    ...snapshot,
    host: { ...snapshot.host, hostname: mapReading(snapshot.host.hostname, () => 'host') },
    processes: snapshot.processes.map((process) =>
      isRedacted(snapshot, process, options) && process.cmdline?.ok && process.cmdline.value.length > 0
        ? { ...process, cmdline: { ok: true, value: [process.comm] } }
        : process,
    ),
    mounts: snapshot.mounts.filter(({ fstype }) => MOUNTS_KEPT.test(fstype)),
  };
}
