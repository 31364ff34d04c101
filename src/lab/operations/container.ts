// Runs a container on the lab's own dockerd (docker run --detach) and follows its first process, whose number docker tells in its own pid namespace.
// The container ends with the daemon's namespaces: it needs no entry of its own in the ledger.
import { run } from '../../host/exec.ts';
import { UserError } from '../../text/errors.ts';
import { say } from '../../text/lang.ts';
import { dyingWithUs, shellWords } from '../argv.ts';
import { dockerArgv, dockerWords } from '../docker.ts';
import { environment } from '../environment.ts';
import { ERRORS } from '../messages.ts';
import { processInside } from '../nspid.ts';
import { MARK } from '../process.ts';
import { runCommand } from './command.ts';
import { daemonDirectory, daemonPlan, livingDaemon } from './docker.ts';
import { DOCKER_ERRORS, DOCKER_NOTES } from './docker-messages.ts';
import { RUN_OPTION } from './docker-words.ts';
import {
  type Acting,
  claimName,
  commandOf,
  note,
  NOTHING_TO_SAY,
  type OperationKind,
  type OperationOf,
  plannedCommand,
} from './operation.ts';
import { groupsOf, ownNamespaces } from './runc-create.ts';

type Docked = OperationOf<'container'>;

function wordsOf(
  lab: Acting,
  { name, image, options = [] }: Docked,
  command: readonly string[],
): readonly string[] {
  return ['run', '--detach', '--name', name, '--env', `${MARK}=${lab.id}`, ...options, image, ...command];
}

export const container: OperationKind<Docked, never> = {
  plan(operation, lab) {
    const { daemon, name, command = [] } = operation;
    lab.planned.actors.set(name, {
      enter: ['mnt', 'uts', 'ipc', 'pid', 'net'],
      root: '/',
      groups: [],
      uid: undefined,
    });
    const words = wordsOf(lab, operation, plannedCommand(lab, command));
    return daemonPlan(lab, daemon, shellWords(dockerWords(daemonDirectory(lab, daemon), words)));
  },

  async perform(operation, lab, doing) {
    const { daemon: of, name, options = [], command = [] } = operation;
    const { lang, fs } = lab;
    claimName(lab, ERRORS.kindActor, name, lab.actors);
    const daemon = livingDaemon(lab, of);
    const option = options.find((one) => !RUN_OPTION.test(one));
    if (option !== undefined) throw new UserError(say(lang, DOCKER_ERRORS.badOption, { option }));
    const words = wordsOf(lab, operation, command.length === 0 ? [] : commandOf(lab, command));
    const result = await runCommand(lab, doing, null, dyingWithUs(dockerArgv(daemon.directory, words)));
    if (result.exit !== 0) {
      const line = result.output.findLast(({ stream }) => stream === 'stderr')?.text ?? '';
      throw new UserError(say(lang, DOCKER_ERRORS.runFailed, { line }), { exitCode: 1 });
    }
    const [file = '', ...args] = dockerArgv(daemon.directory, [
      'inspect',
      '--format',
      '{{.State.Pid}}',
      name,
    ]);
    const { stdout } = await run(file, args, { env: environment(lab.id) });
    const inside = Number(stdout);
    const ref = inside > 0 ? processInside(fs, daemon.holder, inside) : null;
    const dockerd = lab.actors.get(of);
    lab.docked.set(name, { daemon });
    if (ref === null || dockerd === undefined) {
      note(doing, say(lang, DOCKER_NOTES.endedAlready, { name }));
      return result;
    }
    const namespaces = ownNamespaces(fs, ref.pid);
    lab.actors.set(name, {
      ...ref,
      name,
      namespaces,
      enter: namespaces,
      root: '/',
      groups: groupsOf(lab, ref.pid),
      uid: undefined,
      running: dockerd.running,
    });
    note(doing, say(lang, DOCKER_NOTES.container, { name, pid: ref.pid, inside }));
    return result;
  },

  undo: () => Promise.resolve(NOTHING_TO_SAY),
};
