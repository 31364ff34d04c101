// Asks container engines for names and images on their sockets: GET only, with a time limit and a size cap. Everything else comes from the kernel.
import { mapReading, type Reading, unread, value, whyOf } from '../kernel/reading.ts';
import type { EngineFacts } from '../model/containers.ts';
import { optionsOf } from '../model/tree.ts';
import type { Engine, HostFacts, Process } from '../model/types.ts';
import { parseContainers, parseInspectPid, parseVersion } from '../oci/engine.ts';
import { parseTop } from '../oci/top.ts';
import { ParseError } from '../text/errors.ts';
import type { HostFs } from './fs.ts';

const TIMEOUT_MS = 2_000;
const LARGEST = 16 * 1024 * 1024;

export interface Socket {
  readonly engine: Engine;
  readonly path: string;
}

export interface EngineAnswers {
  readonly engines: HostFacts['engines'];
  readonly containers: readonly EngineFacts[];
}

export const NO_ANSWERS: EngineAnswers = { engines: [], containers: [] };

const WELL_KNOWN: readonly Socket[] = [
  { engine: 'docker', path: '/run/docker.sock' },
  { engine: 'podman', path: '/run/podman/podman.sock' },
];

/**
 * The sockets to ask: the well-known ones that exist, and those that a running dockerd was given with -H. A dockerd in another mount
 * namespace is reached through its own root.
 */
export function engineSockets(fs: HostFs, processes: readonly Process[], self: number): readonly Socket[] {
  const found = new Map<string, Socket>();
  const add = (socket: Socket) => {
    const stat = fs.stat(socket.path);
    if (stat.ok) found.set(`${stat.value.dev}:${stat.value.ino}`, socket);
  };
  const reader = processes.find((process) => process.pid === self);
  const own = reader?.ns.mnt;
  // podman's socket starts podman when it is asked: only where something of podman's runs already.
  const podman = processes.some(({ comm }) => comm === 'podman' || comm === 'conmon');
  for (const socket of WELL_KNOWN) if (socket.engine !== 'podman' || podman) add(socket);
  for (const dockerd of processes.filter(
    (process) => process.comm === 'dockerd' && isTrusted(process, reader),
  )) {
    const here = own?.ok && dockerd.ns.mnt.ok && own.value === dockerd.ns.mnt.value;
    for (const address of optionsOf(dockerd, '-H', '--host')) {
      if (!address.startsWith('unix://')) continue;
      const path = address.slice('unix://'.length);
      add({ engine: 'docker', path: here ? path : `/proc/${dockerd.pid}/root${path}` });
    }
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Anybody can call a process dockerd and name a socket: only root's and our own are asked. */
function isTrusted(process: Process, reader: Process | undefined): boolean {
  if (!process.uid.ok) return false;
  return process.uid.value === 0 || (reader?.uid.ok === true && reader.uid.value === process.uid.value);
}

async function get(socket: string, path: string): Promise<Reading<string>> {
  // Most hosts have no engine to ask, and need no client.
  const { request } = await import('node:http');
  return new Promise((resolve) => {
    const asked = request(
      { socketPath: socket, path, method: 'GET', headers: { host: 'localhost' }, timeout: TIMEOUT_MS },
      (response) => {
        const chunks: Buffer[] = [];
        let length = 0;
        response.on('data', (chunk: Buffer) => {
          length += chunk.length;
          if (length > LARGEST) asked.destroy(new Error('the answer is larger than 16 MiB'));
          else chunks.push(chunk);
        });
        response.on('error', () => resolve(unread('unsupported', `GET ${path} on ${socket}`)));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve(
            response.statusCode === 200
              ? value(text)
              : unread('unsupported', `GET ${path} on ${socket}: HTTP ${response.statusCode}`),
          );
        });
      },
    );
    // `timeout` is of silence on the socket; an engine that trickles is cut off by this one.
    const limit = setTimeout(() => asked.destroy(new Error('timeout')), TIMEOUT_MS * 2);
    asked.on('timeout', () => asked.destroy(new Error('timeout')));
    asked.on('close', () => {
      clearTimeout(limit);
      // Also where neither an answer nor an error came (HTTP 101 hands the socket over): a second answer changes nothing.
      resolve(unread('unsupported', `GET ${path} on ${socket}`));
    });
    asked.on('error', (error: NodeJS.ErrnoException) =>
      resolve(unread(whyOf(error.code), `GET ${path} on ${socket}`)),
    );
    asked.end();
  });
}

/** A text that is not what the engine's API promises is an Unread here: the kernel's view stands without it. */
function parsed<T>(
  reading: Reading<string>,
  parse: (text: string, source: string) => T,
  source: string,
): Reading<T> {
  if (!reading.ok) return reading;
  try {
    return value(parse(reading.value, source));
  } catch (error) {
    if (error instanceof ParseError) return unread('unsupported', source);
    throw error;
  }
}

/** What the engines behind these sockets answer. Paths without a version are answered by every API version. Never throws. */
export async function askEngines(sockets: readonly Socket[], ask: typeof get = get): Promise<EngineAnswers> {
  const answers = await Promise.all(
    sockets.map(async ({ engine, path }) => {
      const [version, list] = await Promise.all([ask(path, '/version'), ask(path, '/containers/json')]);
      const containers = parsed(list, parseContainers, path);
      return {
        engine: {
          socket: path,
          version: mapReading(parsed(version, parseVersion, path), (found) => found.version),
        },
        containers: (containers.ok ? containers.value : []).map((found) => ({
          engine,
          id: found.id,
          name: found.names[0] ?? null,
          image: found.image || null,
        })),
      };
    }),
  );
  return {
    engines: answers.map(({ engine }) => engine),
    containers: answers.flatMap(({ containers }) => containers),
  };
}

/** State.Pid of each container that the engine behind `socket` lists; Unread where it does not answer. Never throws. */
export async function inspectPids(
  socket: string,
  ask: typeof get = get,
): Promise<Reading<readonly { readonly id: string; readonly pid: number }[]>> {
  const list = parsed(await ask(socket, '/containers/json'), parseContainers, socket);
  if (!list.ok) return list;
  const rows: { id: string; pid: number }[] = [];
  for (const { id } of list.value) {
    const pid = parsed(await ask(socket, `/containers/${id}/json`), parseInspectPid, socket);
    // A container that has just ended is no longer inspected.
    if (pid.ok) rows.push({ id, pid: pid.value });
  }
  return value(rows);
}

/** The pids that the engine's own ps finds in each container that it lists. Never throws. */
export async function askTops(
  socket: string,
  ask: typeof get = get,
): Promise<Reading<readonly { readonly id: string; readonly pids: readonly number[] }[]>> {
  const list = parsed(await ask(socket, '/containers/json'), parseContainers, socket);
  if (!list.ok) return list;
  const rows: { id: string; pids: readonly number[] }[] = [];
  for (const { id } of list.value) {
    const pids = parsed(await ask(socket, `/containers/${id}/top?ps_args=-eo%20pid`), parseTop, socket);
    // A container that has just ended, or is paused, has none.
    if (pids.ok) rows.push({ id, pids: pids.value });
  }
  return value(rows);
}
