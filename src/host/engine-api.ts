// Asks container engines for names and images on their sockets: GET only, with a time limit and a size cap. Everything else comes from the kernel.
import { mapReading, type Reading, unread, value, whyOf } from '../kernel/reading.ts';
import type { EngineFacts } from '../model/containers.ts';
import { optionsOf } from '../model/engine-role.ts';
import type { Engine, HostFacts, Process } from '../model/types.ts';
import { parseContainers, parseInspectPid, parseVersion } from '../oci/engine.ts';
import { type EngineInspect, parseInspect } from '../oci/inspect.ts';
import { parseTop } from '../oci/top.ts';
import { ParseError } from '../text/errors.ts';
import type { HostFs } from './fs.ts';
import { behindRoot } from './root-path.ts';

const TIMEOUT_MS = 2_000;
const LARGEST = 16 * 1024 * 1024;

export interface Socket {
  readonly engine: Engine;
  readonly path: string;
  /** Whose socket it is: a user's engine is believed about that user's containers alone. Absent: the system's. */
  readonly user?: number;
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
 * The sockets to ask: the well-known ones that exist, the system's and those of the users whose rootless engine runs, and those that a running
 * dockerd was given with -H. A dockerd in another mount namespace is reached through its own root.
 */
export function engineSockets(fs: HostFs, processes: readonly Process[], self: number): readonly Socket[] {
  const found = new Map<string, Socket>();
  const add = (socket: Socket, owner?: number) => {
    const stat = fs.stat(socket.path);
    // A link in a user's directory may lead to another's socket.
    if (!stat.ok || (owner !== undefined && stat.value.uid !== owner)) return;
    const { dev, ino, uid } = stat.value;
    found.set(`${dev}:${ino}`, { ...socket, ...(uid === 0 ? {} : { user: uid }) });
  };
  const reader = processes.find((process) => process.pid === self);
  const own = reader?.ns.mnt;
  // podman's socket starts podman when it is asked: only where something of podman's runs already.
  const podmans = uidsOf(processes, 'podman', 'conmon');
  for (const socket of WELL_KNOWN) if (socket.engine !== 'podman' || podmans.size > 0) add(socket);
  const dockers = uidsOf(processes, 'dockerd');
  for (const uid of [...podmans].filter(isUsers))
    add({ engine: 'podman', path: `/run/user/${uid}/podman/podman.sock` }, uid);
  for (const uid of [...dockers].filter(isUsers))
    add({ engine: 'docker', path: `/run/user/${uid}/docker.sock` }, uid);
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

/** Users of processes with one of these names. */
function uidsOf(processes: readonly Process[], ...comms: readonly string[]): ReadonlySet<number> {
  return new Set(
    processes.flatMap(({ comm, uid, kernelThread }) =>
      comms.includes(comm) && uid.ok && !kernelThread ? [uid.value] : [],
    ),
  );
}

function isUsers(uid: number): boolean {
  return uid !== 0;
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
      {
        socketPath: behindRoot(socket, true),
        path,
        method: 'GET',
        headers: { host: 'localhost' },
        timeout: TIMEOUT_MS,
      },
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

/** The highest version of the Docker Engine API that is spoken here: what is read of it is the same in all of them. */
const HIGHEST = '1.51';

/** The engine's version or ours, whichever is lower: a daemon refuses what is newer than itself, or older than its least (HTTP 400). */
function spokenVersion(theirs: string): string {
  const [major = 0, minor = 0] = theirs.split('.').map(Number);
  const [ourMajor = 0, ourMinor = 0] = HIGHEST.split('.').map(Number);
  if (!/^\d+\.\d+$/.test(theirs)) return HIGHEST;
  return major < ourMajor || (major === ourMajor && minor < ourMinor) ? theirs : HIGHEST;
}

/**
 * What the engines behind these sockets answer. Paths without a version are answered by every API version; an engine that wants one is asked once
 * more, with its own. Never throws.
 */
export async function askEngines(sockets: readonly Socket[], ask: typeof get = get): Promise<EngineAnswers> {
  const answers = await Promise.all(
    sockets.map(async ({ engine, path, user }) => {
      const [said, list] = await Promise.all([ask(path, '/version'), ask(path, '/containers/json')]);
      const version = parsed(said, parseVersion, path);
      let containers = parsed(list, parseContainers, path);
      if (!containers.ok && version.ok)
        containers = parsed(
          await ask(path, `/v${spokenVersion(version.value.apiVersion)}/containers/json`),
          parseContainers,
          path,
        );
      return {
        engine: { socket: path, version: mapReading(version, (found) => found.version) },
        containers: (containers.ok ? containers.value : []).map((found) => ({
          engine,
          id: found.id,
          name: found.names[0] ?? null,
          image: found.image || null,
          ...(user === undefined ? {} : { user }),
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

/**
 * What `docker inspect` tells of one container, from the first of these sockets whose engine knows it; Unread as the last one gave it, gone where
 * there is no socket at all. Never throws.
 */
export async function inspectContainer(
  sockets: readonly Socket[],
  id: string,
  ask: typeof get = get,
): Promise<Reading<EngineInspect>> {
  let last: Reading<EngineInspect> = unread('gone', `GET /containers/${id}/json`);
  for (const { path } of sockets) {
    const answer = await ask(path, `/containers/${encodeURIComponent(id)}/json`);
    last = parsed(answer, parseInspect, `GET /containers/${id}/json on ${path}`);
    if (last.ok) return last;
  }
  return last;
}

/** Of an engine with a long history the newest are asked: it lists them by age. */
const MOST_ENDED = 50;

/** What these engines tell of containers that run no more, each with the socket that told it; Unread for an engine that does not answer. Never throws. */
export async function inspectEnded(
  sockets: readonly Socket[],
  ask: typeof get = get,
): Promise<readonly Reading<readonly (EngineInspect & { readonly socket: string })[]>[]> {
  return Promise.all(
    sockets.map(async ({ path }) => {
      const list = parsed(await ask(path, '/containers/json?all=1'), parseContainers, path);
      if (!list.ok) return list;
      const ended = list.value.filter(({ state }) => isEnded(state));
      const found: (EngineInspect & { socket: string })[] = [];
      for (const { id } of ended.slice(0, MOST_ENDED)) {
        const one = parsed(await ask(path, `/containers/${id}/json`), parseInspect, path);
        // One that was removed meanwhile is no longer inspected.
        if (one.ok) found.push({ ...one.value, socket: path });
      }
      return value(found);
    }),
  );
}

/** The answers as they are about each container that the engine behind `socket` lists, of those that have ended the newest. Never throws. */
export async function inspectTexts(
  socket: string,
  ask: typeof get = get,
): Promise<readonly { readonly id: string; readonly text: string }[]> {
  const list = parsed(await ask(socket, '/containers/json?all=1'), parseContainers, socket);
  if (!list.ok) return [];
  const ended = list.value.filter(({ state }) => isEnded(state));
  const rows: { id: string; text: string }[] = [];
  for (const { id } of [
    ...list.value.filter(({ state }) => !isEnded(state)),
    ...ended.slice(0, MOST_ENDED),
  ]) {
    const text = await ask(socket, `/containers/${id}/json`);
    if (text.ok) rows.push({ id, text: text.value });
  }
  return rows;
}

export function isEnded(state: string): boolean {
  return state === 'exited' || state === 'dead';
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
