// The table of commands: names, arguments, options, and which file answers each. Errors become one line and an exit code here.
import { Command, CommanderError, Option } from 'commander';
import { closest } from '../text/closest.ts';
import { ParseError, UserError } from '../text/errors.ts';
import { LANGS } from '../text/lang.ts';
import { clean } from '../text/sanitize.ts';
import { type CommonOptions, type Context, contextOf } from './context.ts';
import { nsCommand } from './ns.ts';
import { version } from './version.ts';

type Answer = (context: Context) => Promise<number>;

/** Runs one command. Resolves to the exit code of interface.md; never throws what a person can mend. */
export async function main(argv: readonly string[]): Promise<number> {
  let answer: Answer | null = null;
  let common: CommonOptions = {};
  const program = programOf((chosen, options) => {
    answer = chosen;
    common = options;
  });
  try {
    program.parse(argv, { from: 'user' });
    const chosen = answer as Answer | null;
    return chosen ? await chosen(contextOf(common)) : 0;
  } catch (error) {
    return report(error, program, argv);
  }
}

/** One line on stderr (with the hint behind it), and the exit code. A bug of the program keeps its stack. */
async function report(error: unknown, program: Command, argv: readonly string[]): Promise<number> {
  // What a message quotes (names, arguments, files) is a stranger's.
  const write = (line: string) => process.stderr.write(`nscope: ${clean(line)}\n`);
  if (error instanceof UserError) {
    write(error.hint === undefined ? error.message : `${error.message}; ${error.hint}`);
    return error.exitCode;
  }
  if (error instanceof ParseError) {
    write(error.message);
    return 2;
  }
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    write(usageLine(error, program, argv));
    return 2;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const { cleanLines } = await import('../text/lines.ts');
  process.stderr.write(`nscope: ${cleanLines(stack).join('\n')}\n`);
  return 1;
}

function usageLine(error: CommanderError, program: Command, argv: readonly string[]): string {
  const at = commandOf(program, argv);
  const where = at === program ? 'nscope' : `nscope ${pathOf(at)}`;
  const message = error.message.replace(/^error: /, '').split('\n')[0] ?? '';
  const unknown = /^unknown command '(.*)'/.exec(message)?.[1] ?? /^unknown option '(.*)'/.exec(message)?.[1];
  if (unknown === undefined) return `${clean(message)}; ${where} --help tells the usage`;
  const names = unknown.startsWith('-')
    ? [...at.options, ...program.options].flatMap(({ long }) => (long ? [long] : []))
    : at.commands.map((command) => command.name());
  const near = closest(unknown, names);
  const kind = unknown.startsWith('-') ? 'option' : 'command';
  const hint = near === null ? `${where} --help lists them` : `did you mean "${near}"?`;
  return `no ${kind} "${clean(unknown)}" in ${where}; ${hint}`;
}

/** The innermost command that argv names. */
function commandOf(program: Command, argv: readonly string[]): Command {
  let at = program;
  for (const word of argv.filter((one) => !one.startsWith('-'))) {
    const next = at.commands.find((command) => command.name() === word);
    if (!next) break;
    at = next;
  }
  return at;
}

function pathOf(command: Command): string {
  const names: string[] = [];
  for (let at: Command | null = command; at?.parent; at = at.parent) names.unshift(at.name());
  return names.join(' ');
}

function programOf(choose: (answer: Answer, common: CommonOptions) => void): Command {
  const program = new Command('nscope');
  program
    .description(
      'Teaches what a container is on your own kernel, and shows any live Linux host: its namespaces and cgroups beside the docker process tree.\nWithout a command it opens the home screen; without a terminal it prints the overview.',
    )
    .version(version(), '-V, --version')
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .showSuggestionAfterError(false)
    .allowExcessArguments(false)
    .addHelpText(
      'after',
      '\nExit codes: 0 done · 1 the answer is no · 2 usage or unknown target · 3 this host cannot do it · 130, 143 on signals',
    );
  const common = (command: Command): Command =>
    command
      .option('--json', 'print JSON')
      .option('--no-color', 'no colours (NO_COLOR does the same)')
      .addOption(
        new Option('--lang <lang>', 'language; default from LANG')
          .argParser((word) => word)
          .default(undefined, LANGS.join(' or ')),
      )
      .option('--from <file>', 'a recorded host in place of the live one')
      .exitOverride()
      .configureOutput({ outputError: () => {} })
      .showSuggestionAfterError(false)
      .allowExcessArguments(false);
  common(program).allowExcessArguments(true);
  const add = (parent: Command, name: string, description: string): Command =>
    common(parent.command(name).description(description));
  const all = (command: Command): CommonOptions => command.optsWithGlobals<CommonOptions>();

  program.action((_options: unknown, command: Command) => {
    const [word] = command.args;
    if (word !== undefined)
      throw new CommanderError(1, 'commander.unknownCommand', `unknown command '${word}'`);
    choose(async (context) => (await import('./tui.ts')).homeCommand(context), all(command));
  });
  add(program, 'learn', 'open the program in a lesson, or at the lessons')
    .argument('[lesson]', 'id of a lesson, as `nscope lesson list` shows it')
    .option('--dir <dir>', DIR)
    .action((lesson: string | undefined, _options: unknown, command: Command) =>
      choose(
        async (context) => (await import('./tui.ts')).learnCommand(context, lesson, command.opts()),
        all(command),
      ),
    );
  add(program, 'inspect', 'open the program at the live host, or at a target')
    .argument('[target]', TARGET)
    .action((target: string | undefined, _options: unknown, command: Command) =>
      choose(async (context) => (await import('./tui.ts')).inspectCommand(context, target), all(command)),
    );
  add(program, 'ns', 'every namespace: type, inode, members, first process, owner, parent, container')
    .argument('[target]', TARGET)
    .option('--type <types>', 'only these types, with commas between')
    .option(
      '--tree <how>',
      'as a tree: owner (what each user namespace owns) or parent (nesting of pid and user)',
    )
    .option('--holders', 'all that keeps each alive: threads, fds, mounts, children (slower)')
    .action((target: string | undefined, _options: unknown, command: Command) =>
      choose((context) => nsCommand(context, target, command.opts()), all(command)),
    );
  add(program, 'tree', 'the docker process tree: dockerd, containerd, shims, containers, exec sessions')
    .argument('[target]', TARGET)
    .option('--all', 'with the processes inside of each container')
    .action((target: string | undefined, _options: unknown, command: Command) =>
      choose(
        async (context) => (await import('./tree.ts')).treeCommand(context, target, command.opts()),
        all(command),
      ),
    );
  add(program, 'ps', 'processes: pid outside and inside, container, namespaces not shared, cgroup')
    .option('--ns <namespace>', 'only members of this one, as TYPE:INODE')
    .option('--container <container>', 'only those of this container (name or id)')
    .action((_options: unknown, command: Command) =>
      choose(async (context) => (await import('./ps.ts')).psCommand(context, command.opts()), all(command)),
    );
  add(
    program,
    'cgroup',
    'control groups: paths, limits, usage, events, pressure, and whose limit is in force',
  )
    .argument('[target]', `${TARGET}; self without it`)
    .option('--files', 'every control file, its value and meaning')
    .option('--watch', 'again each second, with rates, until Ctrl-C')
    .action((target: string | undefined, _options: unknown, command: Command) =>
      choose(
        async (context) => (await import('./cgroup.ts')).cgroupCommand(context, target, command.opts()),
        all(command),
      ),
    );
  add(
    program,
    'explain',
    'the whole story of a process or container: namespaces, ids, capabilities, mounts, limits, docker’s options',
  )
    .argument('<target>', TARGET)
    .action((target: string, _options: unknown, command: Command) =>
      choose(async (context) => (await import('./explain.ts')).explainCommand(context, target), all(command)),
    );
  add(program, 'diff', 'two targets side by side: which namespaces they share, and their limits')
    .argument('<a>', TARGET)
    .argument('<b>', 'the other one')
    .action((a: string, b: string, _options: unknown, command: Command) =>
      choose(async (context) => (await import('./diff.ts')).diffCommand(context, a, b), all(command)),
    );
  add(program, 'doctor', 'what is wrong here, with evidence, proof and next step; exit 1 where anything is')
    .argument('[target]', TARGET)
    .action((target: string | undefined, _options: unknown, command: Command) =>
      choose(async (context) => (await import('./doctor.ts')).doctorCommand(context, target), all(command)),
    );
  add(
    program,
    'preflight',
    'what this host can do for the lessons; exit 3 where a lesson lacks something',
  ).action((_options: unknown, command: Command) =>
    choose(async (context) => (await import('./preflight.ts')).preflightCommand(context), all(command)),
  );
  const lesson = add(program, 'lesson', 'lessons: list them, run one without the terminal program')
    .allowExcessArguments(true)
    .action((_options: unknown, command: Command) => {
      refuseWords(command);
      choose(async (context) => (await import('./lesson.ts')).listCommand(context), all(command));
    });
  add(lesson, 'list', 'the course, with your progress')
    .option('--dir <dir>', DIR)
    .action((_options: unknown, command: Command) =>
      choose(
        async (context) => (await import('./lesson.ts')).listCommand(context, command.opts()),
        all(command),
      ),
    );
  add(lesson, 'show', 'a lesson as text: prose, commands, checks; runs nothing')
    .argument('<lesson>', 'id of a lesson')
    .option('--dir <dir>', DIR)
    .option('--answers', 'with explanations, hints, solutions and right answers')
    .action((id: string, _options: unknown, command: Command) =>
      choose(
        async (context) => (await import('./lesson-show.ts')).showCommand(context, id, command.opts()),
        all(command),
      ),
    );
  add(lesson, 'new', 'write the folder of a new lesson, whole and right, whose texts say what to write')
    .argument('<slug>', 'its id, as uts-namespace')
    .option('--dir <dir>', 'the folder of lessons that it goes into; this directory without it')
    .action((slug: string, _options: unknown, command: Command) =>
      choose(
        async (context) => (await import('./lesson-new.ts')).newCommand(context, slug, command.opts()),
        all(command),
      ),
    );
  add(lesson, 'run', 'run a lesson here, step by step, as lines of text or JSON')
    .argument('<lesson>', 'id of a lesson')
    .option('--yes', 'run its experiments without asking')
    .option('--solve', 'play the solutions of its tasks')
    .option('--dry-run', 'tell what each step would run, touch and undo; run nothing')
    .option('--replay', 'play the recording, run nothing')
    .option('--dir <dir>', DIR)
    .option('--trust', TRUST)
    .action((id: string, _options: unknown, command: Command) =>
      choose(
        async (context) => (await import('./lesson.ts')).runCommand(context, id, command.opts()),
        all(command),
      ),
    );
  add(
    lesson,
    'check',
    'prove lessons: files, and on this kernel twice: unsolved fails, solved passes, nothing stays',
  )
    .argument('[what]', 'a folder of lessons, the folder of one, or an id; the program’s own without it')
    .option('--trust', TRUST)
    .action((what: string | undefined, _options: unknown, command: Command) =>
      choose(
        async (context) => (await import('./lesson-check.ts')).checkCommand(context, what, command.opts()),
        all(command),
      ),
    );
  add(
    lesson,
    'record',
    'run a lesson with its solutions and keep what was seen, for hosts that cannot run it',
  )
    .argument('<lesson>', 'id of a lesson')
    .requiredOption('--out <file>', 'where to write the recording')
    .requiredOption('--title <title>', 'which host it was, as "Debian 13, cgroup v2"')
    .option('--title-zh <title>', 'the same in Chinese')
    .option('--dir <dir>', DIR)
    .option('--trust', TRUST)
    .action((id: string, _options: unknown, command: Command) =>
      choose(
        async (context) => (await import('./lesson.ts')).recordCommand(context, id, command.opts()),
        all(command),
      ),
    );
  const progress = add(program, 'progress', 'what you have done: show it, export it, take it over, forget it')
    .allowExcessArguments(true)
    .action((_options: unknown, command: Command) => {
      refuseWords(command);
      choose(async (context) => (await import('./progress.ts')).showProgressCommand(context), all(command));
    });
  add(progress, 'show', 'each lesson that was begun, and where it goes on').action(
    (_options: unknown, command: Command) =>
      choose(async (context) => (await import('./progress.ts')).showProgressCommand(context), all(command)),
  );
  add(progress, 'export', 'to hand on: JSON, or with --csv a row for each check')
    .option('--csv', 'comma separated values in place of JSON')
    .option('--learner <name>', 'whose it is')
    .action((_options: unknown, command: Command) =>
      choose(
        async (context) => (await import('./progress.ts')).exportCommand(context, command.opts()),
        all(command),
      ),
    );
  add(progress, 'import', 'take the progress of a file into yours')
    .argument('<file>', 'of `nscope progress export --json`, or a progress.json')
    .action((file: string, _options: unknown, command: Command) =>
      choose(async (context) => (await import('./progress.ts')).importCommand(context, file), all(command)),
    );
  add(progress, 'reset', 'forget one lesson, or all')
    .argument('[lesson]', 'id of a lesson')
    .option('--all', 'every lesson')
    .action((lesson: string | undefined, _options: unknown, command: Command) =>
      choose(
        async (context) => (await import('./progress.ts')).resetCommand(context, lesson, command.opts()),
        all(command),
      ),
    );
  add(
    program,
    'class',
    'the progress of many learners: a table, who is stuck where; exit 1 where files contradict',
  )
    .argument('<dir>', 'a folder of files of `nscope progress export --json`')
    .action((dir: string, _options: unknown, command: Command) =>
      choose(async (context) => (await import('./class.ts')).classCommand(context, dir), all(command)),
    );
  add(
    program,
    'verify',
    'compare our own reading with lsns, ps, findmnt and the engines, on the spot',
  ).action((_options: unknown, command: Command) =>
    choose(async (context) => (await import('./verify.ts')).verifyCommand(context), all(command)),
  );
  add(program, 'snapshot', 'this host as one file: JSON, or with --raw a recording that --from reads')
    .option('--out <file>', 'write it to a new file; stdout if not given')
    .option('--raw', "the kernel's texts instead of JSON")
    .option('--no-redact', 'keep command lines, mounts and the host name')
    .action((_options: unknown, command: Command) =>
      choose(
        async (context) => (await import('./snapshot.ts')).snapshotCommand(context, command.opts()),
        all(command),
      ),
    );
  add(program, 'cleanup', 'remove what the labs of ended runs left').action(
    (_options: unknown, command: Command) =>
      choose(async (context) => (await import('./lab.ts')).cleanupCommand(context), all(command)),
  );
  add(
    program,
    'audit',
    'prove that nothing of any lab is left; exit 1 with the list where something is',
  ).action((_options: unknown, command: Command) =>
    choose(async (context) => (await import('./lab.ts')).auditCommand(context), all(command)),
  );
  return program;
}

/** A command that has commands below it takes no words of its own: a word there is a command that does not exist. */
function refuseWords(command: Command): void {
  const [word] = command.args;
  if (word !== undefined)
    throw new CommanderError(1, 'commander.unknownCommand', `unknown command '${word}'`);
}

const TRUST =
  'run lessons that do not come with the program without asking; remembered while their files stay as they are';
const DIR = 'a folder of lessons in place of the program’s own';
const TARGET = 'a pid, self, host, a container (name or id), ns:TYPE:INODE or cgroup:PATH';
