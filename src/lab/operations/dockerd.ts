// Starts a dockerd of the lab's own that dies whole: below a holder, the PID 1 of a pid namespace, which dies with this program. It touches no daemon,
// bridge, iptables rule, image or socket of the host. Its containers are container.ts's matter.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CommandEnd, run, type Running, start } from '../../host/exec.ts';
import type { HostFs } from '../../host/fs.ts';
import { nspidOf } from '../nspid.ts';
import type { ProcessRef } from '../../model/types.ts';
import { UserError } from '../../text/errors.ts';
import { say } from '../../text/lang.ts';
import { dyingWithUs, shellWords, unknownPid } from '../argv.ts';
import {
  dockerArgv,
  dockerdArgv,
  LONGEST_SOCKET,
  longestSocket,
  missingPrograms,
  socketOf,
} from '../docker.ts';
import { environment } from '../environment.ts';
import { ERRORS } from '../messages.ts';
import { identify, isAlive } from '../process.ts';
import { errnoOf, stateDirError } from '../state-dir.ts';
import { lstatOf } from '../tree.ts';
import type { Json } from '../types.ts';
import { daemonDirectory } from './docker.ts';
import { DOCKER_ERRORS, DOCKER_NOTES, DOCKER_PLANS } from './docker-messages.ts';
import {
  type Acting,
  claimName,
  type Daemon,
  directoryOf,
  type Doing,
  MADE,
  type MadeBy,
  named,
  note,
  type OperationKind,
  type OperationOf,
} from './operation.ts';
import { makeTops, ownNamespaces } from './runc-create.ts';
import { undoTree } from './undo-tree.ts';

const HOLDER_SECONDS = 10;
const READY_SECONDS = 60;
const LOG_LINES = 8;

/** `--uts --ipc`: what a container shares with its host is the lab's as well. */
const UNSHARE = ['unshare', '--pid', '--net', '--mount', '--uts', '--ipc', '--fork', '--mount-proc'];

/**
 * As PID 1 it reaps what reparents to it: sh(1)'s wait does. What dockerd would write below the host's own directories goes to file systems that only
 * its mount namespace has.
 */
const HOLD =
  'set -e; mount -t tmpfs tmpfs /run; if [ -d /etc/docker ]; then mount -t tmpfs tmpfs /etc/docker; fi; ip link set lo up; while :; do sleep 3600 & wait $!; done';

function enterArgv(holder: number | string): readonly string[] {
  return [
    'nsenter',
    '--target',
    String(holder),
    '--pid',
    '--net',
    '--mount',
    '--uts',
    '--ipc',
    '--root',
    '--wd',
  ];
}

interface Started {
  readonly running: Running;
  readonly log: () => string;
  readonly over: () => CommandEnd | null;
}

async function launch(lab: Acting, argv: readonly string[]): Promise<Started> {
  const lines: string[] = [];
  let end: CommandEnd | null = null;
  const running = await start(dyingWithUs(argv), {
    env: environment(lab.id),
    cwd: '/',
    maxLines: Number.MAX_SAFE_INTEGER,
    onLine: ({ text }) => {
      lines.push(text);
      if (lines.length > LOG_LINES) lines.shift();
    },
  });
  void running.ended.then((ended) => {
    end = ended;
  });
  return { running, log: () => lines.join('; '), over: () => end };
}

/** Asks until there is an answer; null when the time is over, the command has ended, or the caller gives up. */
async function poll<T>(
  lab: Acting,
  doing: Doing,
  started: Started,
  seconds: number,
  find: () => T | null | Promise<T | null>,
): Promise<T | null> {
  const until = Date.now() + seconds * 1000;
  for (let pause = 5; Date.now() < until && started.over() === null; pause = Math.min(pause * 2, 200)) {
    if (doing.signal.aborted) throw new UserError(say(lab.lang, ERRORS.interrupted));
    const found = await find();
    if (found !== null) return found;
    await sleep(pause);
  }
  return null;
}

/** proc_pid_task_tid_children(5). */
function childrenOf(fs: HostFs, pid: number): readonly number[] {
  const text = fs.readText(`/proc/${pid}/task/${pid}/children`);
  return text.ok ? text.value.trim().split(' ').filter(Boolean).map(Number) : [];
}

function childNamed(fs: HostFs, pid: number, comm: string): ProcessRef | null {
  const found = childrenOf(fs, pid).find((child) => {
    const text = fs.readText(`/proc/${child}/comm`);
    return text.ok && text.value.trim() === comm;
  });
  return found === undefined ? null : identify(fs, found);
}

async function startHolder(lab: Acting, doing: Doing): Promise<ProcessRef> {
  const n = lab.ledger.intend({ op: 'run', command: 'unshare' });
  const [unshare = '', ...options] = UNSHARE;
  const started = await launch(lab, [unshare, '--kill-child=KILL', ...options, 'sh', '-c', HOLD]);
  const outer = identify(lab.fs, started.running.pid);
  if (outer !== null) lab.ledger.done(n, { processes: [outer] });
  const holder = await poll(lab, doing, started, HOLDER_SECONDS, () => {
    const [child = 0] = childrenOf(lab.fs, started.running.pid);
    // Its sleep is the sign that all before it is done.
    return child > 0 && childNamed(lab.fs, child, 'sleep') !== null ? identify(lab.fs, child) : null;
  });
  if (holder === null) {
    throw new UserError(say(lab.lang, DOCKER_ERRORS.noHolder, { log: started.log() }), { exitCode: 3 });
  }
  lab.ledger.done(n, { processes: outer === null ? [holder] : [outer, holder] });
  return holder;
}

async function startDockerd(
  lab: Acting,
  doing: Doing,
  name: string,
  { directory, holder }: Daemon,
): Promise<void> {
  const { fs, lang } = lab;
  const n = lab.ledger.intend({ op: 'run', command: 'dockerd' });
  const started = await launch(lab, [...enterArgv(holder.pid), ...dockerdArgv(directory, lab.id)]);
  const outer = identify(fs, started.running.pid);
  if (outer !== null) lab.ledger.done(n, { processes: [outer] });
  const [file = '', ...args] = dockerArgv(directory, ['version']);
  const answers = await poll(lab, doing, started, READY_SECONDS, async () => {
    const { exitCode } = await run(file, args, { timeoutMs: 5000, env: environment(lab.id) });
    return exitCode === 0 ? true : null;
  });
  const ref = answers === null ? null : childNamed(fs, started.running.pid, 'dockerd');
  if (ref === null) {
    throw new UserError(say(lang, DOCKER_ERRORS.notReady, { name, log: started.log() }), { exitCode: 3 });
  }
  lab.ledger.done(n, { processes: outer === null ? [ref] : [outer, ref] });
  const namespaces = ownNamespaces(fs, ref.pid);
  lab.actors.set(name, {
    ...ref,
    name,
    namespaces,
    enter: namespaces,
    root: undefined,
    groups: [],
    uid: undefined,
    running: started.running,
  });
  const inside = nspidOf(fs, ref.pid)[1] ?? '?';
  const values = { name, pid: ref.pid, inside, socket: socketOf(directory) };
  note(doing, say(lang, DOCKER_NOTES.ready, values));
}

function configText(config: Readonly<Record<string, Json>> = {}): string {
  return JSON.stringify(config);
}

/** Throws a UserError (exit 3) where this host or this path lets no dockerd be started. */
function refuse(lab: Acting, directory: string): void {
  const { lang } = lab;
  if (lab.mode !== 'root') throw new UserError(say(lang, DOCKER_ERRORS.needsRoot), { exitCode: 3 });
  const programs = missingPrograms();
  if (programs.length > 0) {
    throw new UserError(say(lang, DOCKER_ERRORS.missing, { programs: programs.join(', ') }), {
      hint: say(lang, DOCKER_ERRORS.install),
      exitCode: 3,
    });
  }
  const path = longestSocket(directory);
  const length = Buffer.byteLength(path);
  if (length > LONGEST_SOCKET) {
    throw new UserError(say(lang, DOCKER_ERRORS.tooLong, { path, length, most: LONGEST_SOCKET }), {
      hint: say(lang, DOCKER_ERRORS.shorter),
      exitCode: 3,
    });
  }
}

/** The directory of a daemon, which another one may have had before. */
function placeOf(lab: Acting, { name, again }: OperationOf<'dockerd'>): string {
  return again === undefined ? directoryOf(lab, 'dockerd', name) : daemonDirectory(lab, again);
}

export const dockerd: OperationKind<OperationOf<'dockerd'>, MadeBy<'dockerd'>> = {
  plan(operation, lab) {
    const { name, again, config } = operation;
    const path = placeOf(lab, operation);
    lab.planned.daemons.set(name, path);
    lab.planned.actors.set(name, {
      enter: ['mnt', 'uts', 'ipc', 'pid', 'net'],
      root: undefined,
      groups: [],
      uid: undefined,
    });
    const json = shellWords(['echo', configText(config)]);
    const holder = lab.daemons.get(again ?? '')?.holder.pid ?? unknownPid('holder');
    const daemon = shellWords([...enterArgv(holder), ...dockerdArgv(path, lab.id)]);
    return {
      shell: [
        ...(again === undefined ? [shellWords(['mkdir', path])] : []),
        `${json} > ${shellWords([join(path, 'daemon.json')])}`,
        ...(again === undefined
          ? [`${shellWords([...UNSHARE, 'sh', '-c', HOLD])} &`, 'sleep 1; HOLDER=$(pgrep -P $!)']
          : []),
        `${daemon} &`,
      ].join('\n'),
      touches: say(lab.lang, DOCKER_PLANS.dockerdTouches, { path, lab: lab.id }),
      undo: say(lab.lang, DOCKER_PLANS.dockerdUndo),
      privileged: true,
    };
  },

  async perform(operation, lab, doing) {
    const { name, again, config } = operation;
    claimName(lab, ERRORS.kindActor, name, lab.actors);
    const directory = placeOf(lab, operation);
    refuse(lab, directory);
    let holder: ProcessRef;
    try {
      if (again === undefined) {
        if (lstatOf(directory) !== null) {
          throw new UserError(say(lab.lang, ERRORS.exists, { path: directory }));
        }
        makeTops(lab, doing);
        const n = lab.ledger.intend({ op: 'dockerd', path: directory });
        mkdirSync(directory, { mode: 0o700 });
        const { dev, ino } = lstatOf(directory) ?? { dev: 0, ino: 0 };
        lab.ledger.done(n, { dev, ino });
      } else {
        const before = named(lab, ERRORS.kindActor, again, lab.actors);
        if (isAlive(lab.fs, before))
          throw new UserError(say(lab.lang, DOCKER_ERRORS.stillRuns, { name: again }));
      }
      writeFileSync(join(directory, 'daemon.json'), `${configText(config)}\n`);
      holder =
        again === undefined
          ? await startHolder(lab, doing)
          : named(lab, DOCKER_ERRORS.kindDaemon, again, lab.daemons).holder;
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      throw stateDirError(directory, error, lab.lang);
    }
    const daemon: Daemon = { directory, holder };
    await startDockerd(lab, doing, name, daemon);
    lab.daemons.set(name, daemon);
    return { ...MADE, output: [] };
  },

  undo: (made, identity, undoing) => undoTree(made, identity, undoing, 'dockerd'),
};
