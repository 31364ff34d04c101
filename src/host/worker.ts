// The worker thread that reads a host again and again: scans on a tick or on demand, and asks engines in the background. Talks to watch.ts.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { ProcessRef, Snapshot } from '../model/types.ts';
import type { StoryFacts } from '../model/explain/facts.ts';
import { containerOf, processAt } from '../model/find.ts';
import type { Finding } from '../model/findings/finding.ts';
import type { Network } from '../model/network.ts';
import { diagnose } from './diagnose.ts';
import { type EngineAnswers, NO_ANSWERS } from './engine-api.ts';
import { enginesOf, openHost } from './host.ts';
import { keepNothing } from './kept.ts';
import type { NetMemory } from './networks.ts';
import { makePacker, type Parcel } from './parcel.ts';
import { withCmdline } from './processes.ts';
import { scan } from './scan.ts';

export interface WorkerStart {
  readonly from: string | undefined;
  readonly intervalMs: number;
  /** The pid of the program (a worker has none of its own in Node's terms, but the kernel shows the same). */
  readonly self: number;
  /** Pieces of snapshots go this way, and wait there until the other end takes them. */
  readonly pieces: MessagePort;
}

/** What is read on demand, beside the ticks. */
export interface HostAnswers {
  readonly findings: readonly Finding[];
  readonly networks: readonly Network[];
  readonly story: StoryFacts | null;
}

export type ToWorker =
  | {
      readonly to: 'refresh';
      readonly id: number /** Watched for this answer too. */;
      readonly refs: readonly ProcessRef[];
    }
  | {
      readonly to: 'ask';
      readonly id: number;
      readonly what: keyof HostAnswers;
      readonly of: ProcessRef | null;
    }
  | { readonly to: 'watch'; readonly refs: readonly ProcessRef[] }
  | { readonly to: 'interval'; readonly ms: number | null };

export type FromWorker =
  | {
      readonly from: 'snapshot';
      /** Its pieces were sent before. */
      readonly parcel: Parcel /** The refresh calls that it answers. */;
      readonly ids: readonly number[];
    }
  /** The value is that of what was asked with this id. */
  | { readonly from: 'answer'; readonly value: unknown; readonly id: number }
  | { readonly from: 'failure'; readonly message: string; readonly ids: readonly number[] };

/** Names change seldom: engines are asked when a container without a name is there, and otherwise this often. */
const ENGINES_EVERY_MS = 10_000;

const port = parentPort;
if (!port) throw new Error('host/worker.ts runs as a worker thread only');
const start = workerData as WorkerStart;
const host = { ...openHost(start.from), self: start.from === undefined ? start.self : 0 };

const kept = keepNothing();
const packer = makePacker();
let watch: readonly ProcessRef[] = [];
let interval: number | null = start.intervalMs;
let engines: EngineAnswers = NO_ANSWERS;
let askedAt = 0;
let asking = false;
let waiting: { readonly id: number; readonly refs: readonly ProcessRef[] }[] = [];
let scanning = false;
let last: Snapshot | null = null;
const netMemory: NetMemory = { ids: new Map() };
let timer: NodeJS.Timeout | null = null;

function post(message: FromWorker): void {
  port?.postMessage(message);
}

/** Containers whose name nobody has said yet: asked for once each second at most, since some have none. */
function wantsNames(snapshot: Snapshot): boolean {
  const age = Date.now() - askedAt;
  return age > ENGINES_EVERY_MS || (age > 1_000 && snapshot.containers.some(({ name }) => name === null));
}

async function refreshEngines(snapshot: Snapshot): Promise<void> {
  if (asking || !wantsNames(snapshot)) return;
  asking = true;
  askedAt = Date.now();
  try {
    const answers = await enginesOf(host, snapshot);
    const changed = JSON.stringify(answers) !== JSON.stringify(engines);
    engines = answers;
    if (changed) void look();
  } finally {
    asking = false;
  }
}

/** Each process once. */
function union(a: readonly ProcessRef[], b: readonly ProcessRef[]): readonly ProcessRef[] {
  return [
    ...a,
    ...b.filter((one) => !a.some((other) => other.pid === one.pid && other.starttime === one.starttime)),
  ];
}

function tellFailure(error: unknown, ids: readonly number[] = []): void {
  post({
    from: 'failure',
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    ids,
  });
}

async function look(): Promise<void> {
  if (scanning) return;
  scanning = true;
  if (timer) clearTimeout(timer);
  timer = null;
  const asked = waiting;
  waiting = [];
  const ids = asked.map(({ id }) => id);
  try {
    await host.relations.prepare();
    const snapshot = scan(host.fs, host.relations, {
      watch: union(
        watch,
        asked.flatMap(({ refs }) => refs),
      ),
      engines,
      self: host.self,
      uid: host.uid,
      kept,
      // Who asks wants to know how it is now.
      anew: ids.length > 0,
    });
    last = snapshot;
    const { parcel, pieces } = packer.pack(snapshot);
    for (const piece of pieces) start.pieces.postMessage(piece);
    post({ from: 'snapshot', parcel, ids });
    refreshEngines(snapshot).catch((error: unknown) => tellFailure(error));
  } catch (error) {
    tellFailure(error, ids);
  } finally {
    scanning = false;
    // A refresh that was asked for during the scan has not been answered by it: what it wants to see may be newer.
    if (waiting.length > 0) setImmediate(() => void look());
    else if (interval !== null) timer = setTimeout(() => void look(), interval);
  }
}

const ANSWERERS: {
  readonly [K in keyof HostAnswers]: (of: ProcessRef | null) => Promise<HostAnswers[K]>;
} = {
  findings: () => diagnose(host),
  // Its parts are loaded when somebody first looks.
  networks: async () => (last ? (await import('./networks.ts')).readNetworks(host, last, netMemory) : []),
  story: async (of) => {
    const process = of && last && processAt(last, of);
    if (!process || !last) return null;
    const { readProcessStory } = await import('./story.ts');
    return readProcessStory(host.fs, withCmdline(host.fs, process), containerOf(last, process.pid));
  },
};

async function answer(id: number, what: keyof HostAnswers, of: ProcessRef | null): Promise<void> {
  try {
    post({ from: 'answer', value: await ANSWERERS[what](of), id });
  } catch (error) {
    tellFailure(error, [id]);
  }
}

port.on('message', (message: ToWorker) => {
  if (message.to === 'ask') void answer(message.id, message.what, message.of);
  if (message.to === 'watch') watch = message.refs;
  if (message.to === 'interval') {
    interval = message.ms;
    if (timer) clearTimeout(timer);
    timer = null;
    if (interval !== null && !scanning) timer = setTimeout(() => void look(), interval);
  }
  if (message.to === 'refresh') {
    waiting.push({ id: message.id, refs: message.refs });
    void look();
  }
});

void look();
