// The host name that an actor's UTS namespace has (uts_namespaces(7)): no file of /proc/PID shows it, so it is asked for inside.
import { run } from '../../host/exec.ts';
import { unread, value } from '../../kernel/reading.ts';
import { environment } from '../environment.ts';
import { enteringArgv } from '../operations/run.ts';
import { isAlive } from '../process.ts';
import type { Answerer } from './index.ts';

const LIMIT_MS = 5000;

export const hostname: Answerer<'hostname'> = async ({ of }, lab, signal) => {
  if (of === 'host') return lab.fs.readText('/proc/sys/kernel/hostname');
  const actor = lab.actors.get(of);
  const path = `/proc/${actor?.pid ?? of}/ns/uts`;
  if (actor === undefined || !isAlive(lab.fs, actor)) return unread('gone', path);
  const [file = '', ...args] = enteringArgv(lab, { ...actor, groups: [] }, ['hostname']);
  const { exitCode, stdout } = await run(file, args, {
    timeoutMs: LIMIT_MS,
    signal,
    env: environment(lab.id),
  });
  const [line = ''] = stdout.split('\n');
  return exitCode === 0 && line !== '' ? value(line) : unread('unsupported', path);
};
