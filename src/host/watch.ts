// The main thread's end of the worker that reads a host: snapshots as they come, and one on demand. Reads nothing itself.
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { ProcessRef, Snapshot } from '../model/types.ts';
import { makeUnpacker, type Piece } from './parcel.ts';
import type { FromWorker, HostAnswers, ToWorker, WorkerStart } from './worker.ts';

export interface HostWatch {
  /** Called with each snapshot; returns the way to stop it. A listener that comes late gets the last snapshot at once. */
  subscribe(listener: (snapshot: Snapshot) => void): () => void;
  /** The processes whose control files the coming snapshots hold. */
  watch(refs: readonly ProcessRef[]): void;
  /** A snapshot that was begun after this call, with the control files of `refs` besides. Rejects where the worker failed or was closed. */
  refresh(refs?: readonly ProcessRef[]): Promise<Snapshot>;
  /**
   * `findings`: what is wrong with the host, after a deep look of its own. `networks`: the interfaces of every network namespace of the last snapshot,
   * with their other ends. `story`: who the process `of` is; null where the last snapshot has no such process. For every few seconds, not for each
   * tick. Rejects as `refresh` does.
   */
  ask<K extends keyof HostAnswers>(what: K, of?: ProcessRef): Promise<HostAnswers[K]>;
  /** Stops and resumes the tick; `refresh` works in a pause. */
  pause(paused: boolean): void;
  close(): Promise<void>;
}

export interface WatchOptions {
  /** A recording in place of the live host. */
  readonly from?: string | undefined;
  /** Milliseconds from the end of a scan to the next. */
  readonly intervalMs: number;
  /** Told when a scan fails, which is a bug of the program or a host that ends: the last snapshot stays. */
  readonly onFailure?: (message: string) => void;
}

/** Starts the worker. It keeps the program alive until `close`. */
export function watchHost(options: WatchOptions): HostWatch {
  // Under a TypeScript loader, which Node 20 does not pass on to workers, the built worker is taken (npm run build).
  const file = import.meta.url.endsWith('.ts') ? '../../dist/host/worker.js' : '../host/worker.js';
  const { port1: pieces, port2 } = new MessageChannel();
  const workerData: WorkerStart = {
    from: options.from,
    intervalMs: options.intervalMs,
    self: process.pid,
    pieces: port2,
  };
  const worker = new Worker(new URL(file, import.meta.url), {
    workerData,
    transferList: [port2],
    // The descriptors that ioctl_ns(2) answers with are opened by the kernel, not by node:fs, and closed by relations.ts.
    trackUnmanagedFds: false,
  });
  const listeners = new Set<(snapshot: Snapshot) => void>();
  /** By id; what an answer holds is the matter of who asked. */
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  const unpacker = makeUnpacker();
  const parcels: Extract<FromWorker, { from: 'snapshot' }>[] = [];
  /** Pieces of the first parcel that have been unpacked. */
  let taken = 0;
  let last: Snapshot | null = null;
  let nextId = 1;
  let closed = false;
  const send = (message: ToWorker): void => worker.postMessage(message);
  const rejectAll = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };

  const settle = (id: number, value: unknown): void => {
    waiting.get(id)?.resolve(value as never);
    waiting.delete(id);
  };
  function asked<T>(message: (id: number) => ToWorker): Promise<T> {
    if (closed) return Promise.reject(new Error('the reader of the host has ended'));
    const id = nextId;
    nextId += 1;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      send(message(id));
    });
  }

  worker.on('message', (message: FromWorker) => {
    if (message.from === 'failure') {
      for (const id of message.ids) {
        waiting.get(id)?.reject(new Error(message.message));
        waiting.delete(id);
      }
      options.onFailure?.(message.message);
      return;
    }
    if (message.from === 'answer') {
      settle(message.id, message.value);
      return;
    }
    parcels.push(message);
    if (parcels.length === 1) setImmediate(unpack);
  });

  /** One piece, or the end of one parcel, in each turn of the loop, so that a key does not wait for ten thousand processes. */
  const unpack = (): void => {
    const [first] = parcels;
    if (!first || closed) return;
    const piece = taken < first.parcel.pieces ? receiveMessageOnPort(pieces) : undefined;
    if (piece) {
      unpacker.add(piece.message as Piece);
      taken += 1;
    } else {
      parcels.shift();
      taken = 0;
      deliver(unpacker.finish(first.parcel), first.ids);
    }
    if (parcels.length > 0) setImmediate(unpack);
  };

  const deliver = (snapshot: Snapshot, ids: readonly number[]): void => {
    last = snapshot;
    for (const listener of listeners) listener(snapshot);
    for (const id of ids) settle(id, snapshot);
  };
  worker.on('error', (error) => {
    closed = true;
    rejectAll(error);
    options.onFailure?.(error.stack ?? error.message);
  });
  worker.on('exit', () => {
    closed = true;
    rejectAll(new Error('the reader of the host has ended'));
  });

  return {
    subscribe(listener) {
      listeners.add(listener);
      if (last) listener(last);
      return () => listeners.delete(listener);
    },
    watch: (refs) => send({ to: 'watch', refs }),
    refresh: (refs = []) => asked((id) => ({ to: 'refresh', id, refs })),
    ask: (what, of) => asked((id) => ({ to: 'ask', id, what, of: of ?? null })),
    pause: (paused) => send({ to: 'interval', ms: paused ? null : options.intervalMs }),
    async close() {
      closed = true;
      pieces.close();
      await worker.terminate();
    },
  };
}
