// What the runtime says of a container of the lab's: `runc state`, or `docker inspect` on the lab's own daemon. No file of the kernel tells a stopped container from one that is gone.
import { run } from '../../host/exec.ts';
import { unread, value } from '../../kernel/reading.ts';
import { asObject, parseJson } from '../../oci/json.ts';
import { ParseError } from '../../text/errors.ts';
import { shellWords } from '../argv.ts';
import { dockerArgv, dockerWords, socketOf } from '../docker.ts';
import { environment } from '../environment.ts';
import { type Acting, containerId } from '../operations/operation.ts';
import type { ContainerStatus } from '../questions.ts';
import { findRuntime, runtimeRoot } from '../runtime.ts';
import type { Answerer } from './index.ts';

const LIMIT_MS = 5000;
const STATUSES: readonly ContainerStatus[] = ['created', 'running', 'paused', 'stopped'];

/** What runc and crun say of an id that they do not know. */
const UNKNOWN = /does not exist|No such file/i;

/** docker's words for the same. */
const DOCKER_STATUS: Readonly<Record<string, ContainerStatus>> = {
  created: 'created',
  running: 'running',
  restarting: 'running',
  paused: 'paused',
  exited: 'stopped',
  dead: 'stopped',
};

async function inspect(lab: Acting, name: string, directory: string, signal: AbortSignal) {
  const words = ['inspect', '--type', 'container', '--format', '{{.State.Status}}', name];
  const [file = '', ...args] = dockerArgv(directory, words);
  const { exitCode, stdout, stderr } = await run(file, args, {
    timeoutMs: LIMIT_MS,
    signal,
    env: environment(lab.id),
  });
  const status =
    exitCode === 0 ? DOCKER_STATUS[stdout.trim()] : /no such container/i.test(stderr) ? 'gone' : undefined;
  return status === undefined
    ? unread('unsupported', socketOf(directory))
    : value({ status, proof: shellWords(dockerWords(directory, words)) });
}

export const container: Answerer<'container'> = async ({ of }, lab, signal) => {
  const docked = lab.docked.get(of);
  if (docked !== undefined) return await inspect(lab, of, docked.daemon.directory, signal);
  const root = runtimeRoot(lab.ledger.directory);
  const id = containerId(lab, of);
  const path = `${root}/${id}`;
  const runtime = findRuntime();
  if (runtime === null) return unread('unsupported', path);
  const args = ['--root', root, 'state', id];
  const answer = (status: ContainerStatus) => value({ status, proof: shellWords([runtime, ...args]) });
  // runc makes its root where there is none, even to look into it.
  if (!lab.fs.stat(root).ok) return answer('gone');
  const { exitCode, stdout, stderr } = await run(runtime, args, {
    timeoutMs: LIMIT_MS,
    signal,
    env: environment(lab.id),
  });
  if (exitCode !== 0) return UNKNOWN.test(stderr) ? answer('gone') : unread('unsupported', path);
  const status = statusIn(stdout, path);
  return status === undefined ? unread('unsupported', path) : answer(status);
};

function statusIn(json: string, path: string): ContainerStatus | undefined {
  try {
    const { status } = asObject(parseJson(json, path), 'the state', path);
    return STATUSES.find((one) => one === status);
  } catch (error) {
    if (error instanceof ParseError) return undefined;
    throw error;
  }
}
