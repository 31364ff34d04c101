// What the runtime says of a container of the lab's: `runc state`. No file of the kernel tells a stopped container from one that is gone.
import { run } from '../../host/exec.ts';
import { unread, value } from '../../kernel/reading.ts';
import { asObject, parseJson } from '../../oci/json.ts';
import { ParseError } from '../../text/errors.ts';
import { environment } from '../environment.ts';
import { containerId } from '../operations/operation.ts';
import type { ContainerStatus } from '../questions.ts';
import { findRuntime, runtimeRoot } from '../runtime.ts';
import type { Answerer } from './index.ts';

const LIMIT_MS = 5000;
const STATUSES: readonly ContainerStatus[] = ['created', 'running', 'paused', 'stopped'];

/** What runc and crun say of an id that they do not know. */
const UNKNOWN = /does not exist|No such file/i;

export const container: Answerer<'container'> = async ({ of }, lab, signal) => {
  const root = runtimeRoot(lab.ledger.directory);
  const id = containerId(lab, of);
  const path = `${root}/${id}`;
  // runc makes its root where there is none, even to look into it.
  if (!lab.fs.stat(root).ok) return value({ status: 'gone' });
  const runtime = findRuntime();
  if (runtime === null) return unread('unsupported', path);
  const { exitCode, stdout, stderr } = await run(runtime, ['--root', root, 'state', id], {
    timeoutMs: LIMIT_MS,
    signal,
    env: environment(lab.id),
  });
  if (exitCode !== 0) return UNKNOWN.test(stderr) ? value({ status: 'gone' }) : unread('unsupported', path);
  const status = statusIn(stdout, path);
  return status === undefined ? unread('unsupported', path) : value({ status });
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
