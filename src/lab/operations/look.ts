// Runs a command on the host that changes nothing: its first word and each argument must be in the table below.
import { posix } from 'node:path';
import { UserError } from '../../text/errors.ts';
import { type Lang, say } from '../../text/lang.ts';
import { dyingWithUs, shellWords } from '../argv.ts';
import { ERRORS, PLANS } from '../messages.ts';
import { isWithin } from '../tree.ts';
import { runCommand } from './command.ts';
import {
  commandOf,
  NOTHING_TO_SAY,
  type OperationKind,
  type OperationOf,
  plannedCommand,
} from './operation.ts';

/** Says which arguments a command may have; `at` is the argument's place. */
type Rule = (argument: string, at: number, all: readonly string[]) => boolean;

const isOption: Rule = (argument) => argument.startsWith('-');
const options =
  (...allowed: readonly string[]): Rule =>
  (argument) =>
    allowed.includes(argument);
const shortOptions =
  (letters: string): Rule =>
  (argument) =>
    new RegExp(`^-[${letters}]+$`).test(argument);
const either =
  (...rules: readonly Rule[]): Rule =>
  (argument, at, all) =>
    rules.some((rule) => rule(argument, at, all));
const path: Rule = (argument) => /^[/~.\w]/.test(argument);

/** Files of proc(5) that show what is not for others' eyes, take input away from somebody, or lead out of /proc. */
const HIDDEN =
  /^(environ|mem|kmsg|kcore|pagemap|auxv|stack|syscall|fd|root|cwd|exe|map_files|task|sysrq-trigger|vmcore)$/;

/** Below /sys: the kernel's tracing and debugging. A read of trace_pipe takes events away from somebody, others trigger what they show. */
const HIDDEN_TREES = ['/sys/kernel/tracing', '/sys/kernel/debug'];

/** A file of the kernel's that reading does not change: below /proc or /sys, plus what names the host. */
const kernelFile: Rule = (argument) => {
  if (['/etc/hostname', '/etc/os-release', '/etc/subuid', '/etc/subgid'].includes(argument)) return true;
  if (!/^\/(proc|sys)\//.test(argument)) return false;
  const parts = argument.split('/').slice(1);
  const plain = posix.normalize(argument);
  if (parts.includes('trace_pipe') || HIDDEN_TREES.some((tree) => isWithin(plain, tree))) return false;
  return !parts.includes('..') && !(parts[0] === 'proc' && parts.some((part) => HIDDEN.test(part)));
};

const none: Rule = () => false;

/** One row a command. ps(1) without a dash takes `e` for the environment of processes: not shown. The commands are those of coreutils, util-linux, procps and iproute2. */
const TABLE: Readonly<Record<string, Rule>> = {
  // With an operand it sets the name; -F and -b do as well.
  hostname: options('-s', '--short', '-f', '--fqdn'),
  readlink: either(shortOptions('fenz'), path),
  ls: either(shortOptions('ladi1hnLRt'), path),
  cat: kernelFile,
  head: either((argument) => /^-n?\d*$/.test(argument) || /^\d+$/.test(argument), kernelFile),
  grep: either(
    shortOptions('EFcivwHhn'),
    (_argument, at, all) => at === all.findIndex((one) => !one.startsWith('-')),
    kernelFile,
  ),
  stat: either(
    shortOptions('Lf'),
    options('-c', '--terse'),
    (argument, at, all) => all[at - 1] === '-c' && argument !== '',
    path,
  ),
  ps: either(
    (argument) => argument.startsWith('-') || /^[\d,]+$/.test(argument) || /^[auxfwjlv]+$/.test(argument),
    (argument, at, all) =>
      /^-(-\w+|\w*[opCuUgGtsq])$/.test(all[at - 1] ?? '') && !argument.includes('environ'),
  ),
  pstree: () => true,
  lsns: () => true,
  lsfd: () => true,
  lscpu: none,
  findmnt: either(
    shortOptions('AaDefiJklnNorRtTuvO'),
    (argument, at, all) => !isOption(argument, at, all) || argument.startsWith('--'),
  ),
  mount: options('-l'),
  id: either(shortOptions('Ggnruz'), (argument) => /^\w[\w-]*$/.test(argument)),
  whoami: none,
  uname: shortOptions('asnrvmpio'),
  nproc: options('--all'),
  uptime: shortOptions('ps'),
  free: shortOptions('bkmghtw'),
  ipcs: either(shortOptions('aqmstclup'), options('-i')),
  ip: either(
    shortOptions('46ods'),
    options(
      '-br',
      '-brief',
      '-details',
      'addr',
      'address',
      'link',
      'route',
      'neigh',
      'netns',
      'show',
      'list',
      'dev',
      'lo',
    ),
  ),
  ss: shortOptions('tuxlanpeimo'),
  // `name=value` and -w set, -p sets from a file.
  sysctl: either(options('-n'), (argument) => /^\w[\w./-]*$/.test(argument)),
  capsh: (argument) => argument === '--print' || argument.startsWith('--decode='),
  getpcaps: (argument) => /^\d+$/.test(argument),
  systemctl: (argument, at) =>
    at === 0
      ? ['status', 'show', 'is-active', 'list-units'].includes(argument)
      : /^(--no-pager|[\w@][\w.@:-]*)$/.test(argument),
  'systemd-cgls': either(options('--no-pager', '-l', '-k', '-a', '--all'), path),
  docker: (argument, at) =>
    at === 0 ? ['ps', 'inspect', 'top', 'info', 'version', 'images'].includes(argument) : true,
};

/** Commands that print a file, which may be a bundle's config.json as well. */
const PRINTS = ['cat', 'head', 'grep'];

/** Throws a UserError for a command that is not in the table, or has an argument that may not stand after it. `configs`: the lab's own files that may be printed. */
export function checkLook(command: readonly string[], lang: Lang, configs: readonly string[] = []): void {
  const [word = '', ...operands] = command;
  const rule = Object.hasOwn(TABLE, word) ? TABLE[word] : undefined;
  if (rule === undefined) {
    throw new UserError(say(lang, ERRORS.notALook, { command: word }), {
      hint: say(lang, ERRORS.lookHint, { names: Object.keys(TABLE).sort().join(' ') }),
    });
  }
  const isConfig = (operand: string) => PRINTS.includes(word) && configs.includes(operand);
  const bad = operands.find((operand, at) => !rule(operand, at, operands) && !isConfig(operand));
  if (bad !== undefined) {
    throw new UserError(say(lang, ERRORS.lookArgument, { argument: bad, command: word }));
  }
}

export const look: OperationKind<OperationOf<'look'>, never> = {
  plan(operation, lab) {
    return {
      shell: shellWords(plannedCommand(lab, operation.command)),
      touches: say(lab.lang, PLANS.lookTouches),
      undo: say(lab.lang, PLANS.nothingToUndo),
      privileged: false,
      looksOnly: true,
    };
  },

  async perform(operation, lab, doing) {
    const command = commandOf(lab, operation.command);
    const configs = [...lab.bundles.values()].map(({ directory }) => `${directory}/config.json`);
    checkLook(command, lab.lang, configs);
    return await runCommand(lab, doing, null, dyingWithUs(command), operation.exits);
  },

  undo: () => Promise.resolve(NOTHING_TO_SAY),
};
