// A command of docker's client on the lab's own dockerd, awaited. The learner's own docker is only ever read: see look.ts.
import { UserError } from '../../text/errors.ts';
import { say } from '../../text/lang.ts';
import { dyingWithUs, shellWords } from '../argv.ts';
import { dockerArgv, dockerWords } from '../docker.ts';
import type { OperationPlan } from '../types.ts';
import { runCommand } from './command.ts';
import { DOCKER_ERRORS, DOCKER_PLANS } from './docker-messages.ts';
import { DOCKER_VERBS } from './docker-words.ts';
import {
  type Acting,
  commandOf,
  type Daemon,
  directoryOf,
  named,
  NOTHING_TO_SAY,
  type OperationKind,
  type OperationOf,
  plannedCommand,
} from './operation.ts';
import { livingActor } from './run.ts';

/** The daemon, which must live. */
export function livingDaemon(lab: Acting, name: string): Daemon {
  const daemon = named(lab, DOCKER_ERRORS.kindDaemon, name, lab.daemons);
  livingActor(lab, name);
  return daemon;
}

/** Where the data of a daemon is, or will be. */
export function daemonDirectory(lab: Acting, name: string): string {
  return (
    lab.daemons.get(name)?.directory ?? lab.planned.daemons.get(name) ?? directoryOf(lab, 'dockerd', name)
  );
}

export function daemonPlan(lab: Acting, daemon: string, shell: string): OperationPlan {
  return {
    shell,
    touches: say(lab.lang, DOCKER_PLANS.touches, { daemon }),
    undo: say(lab.lang, DOCKER_PLANS.undo, { daemon }),
    privileged: true,
  };
}

export const docker: OperationKind<OperationOf<'docker'>, never> = {
  plan({ daemon, command }, lab) {
    const words = dockerWords(daemonDirectory(lab, daemon), plannedCommand(lab, command));
    return daemonPlan(lab, daemon, shellWords(words));
  },

  perform({ daemon, command, exits }, lab, doing) {
    const { directory } = livingDaemon(lab, daemon);
    const words = commandOf(lab, command);
    const [verb = ''] = words;
    if (!DOCKER_VERBS.includes(verb)) {
      const values = { verb, verbs: DOCKER_VERBS.join(', ') };
      throw new UserError(say(lab.lang, DOCKER_ERRORS.badVerb, values));
    }
    return runCommand(lab, doing, null, dyingWithUs(dockerArgv(directory, words)), exits);
  },

  undo: () => Promise.resolve(NOTHING_TO_SAY),
};
