// What a lesson that does not come with the program may not do: run a command with the host before it. Pure; who is asked is trust's.
import { placeholders, withValues } from '../lab/placeholders.ts';
import { NAMES, type NamesOf } from '../lab/operations/names.ts';
import { checkLook } from '../lab/operations/look.ts';
import type { Operation } from '../lab/types.ts';
import { UserError } from '../text/errors.ts';
import { type Lang, say } from '../text/lang.ts';
import { FAULTS } from './messages.ts';
import type { LessonFile } from './schema.ts';
import type { Fault, Path } from './fault.ts';

/** Programs that do nothing to anything, whatever their arguments. */
const IDLE = new Set(['sleep', 'true', 'false', 'echo']);

/** Programs that act on what a namespace type holds and on nothing else: allowed where that namespace is the lab's. */
const ACTS_ON: Readonly<Record<string, string>> = {
  hostname: 'uts',
  domainname: 'uts',
  ipcmk: 'ipc',
  ipcrm: 'ipc',
};

/** Where a command would run. */
interface Room {
  readonly namespaces: readonly string[];
  readonly rootfs: boolean;
}

/** In a root file system, mount and pid namespace of its own: the host's files and processes are out of sight. */
function isClosed({ namespaces, rootfs }: Room): boolean {
  return rootfs && namespaces.includes('mnt') && namespaces.includes('pid');
}

/**
 * The commands of a foreign lesson that would have the host before them: a `look` that is not in the table of lookers, and a command in an
 * actor or in namespaces that share the host's files or processes, unless it is one that does nothing, only looks, or acts on a namespace that is
 * the lab's. An operation with a command of a kind that does not say where it runs is refused.
 */
export function foreignFaults(lesson: LessonFile, lang: Lang): readonly Fault[] {
  const rooms = new Map<string, Room>();
  return lesson.steps.flatMap((step, index) =>
    (['operations', 'solution'] as const).flatMap((key) => {
      const operations = (step as Partial<Record<typeof key, readonly Operation[]>>)[key] ?? [];
      return operations.flatMap((operation, i) =>
        operationFault(operation, ['steps', index, key, i], rooms, lang),
      );
    }),
  );
}

function operationFault(
  operation: Operation,
  path: Path,
  rooms: Map<string, Room>,
  lang: Lang,
): readonly Fault[] {
  const { makes, runs } = NAMES[operation.op] as NamesOf<Operation>;
  const fields = operation as unknown as Readonly<Record<string, unknown>>;
  const outer = rooms.get(String(fields['inside']));
  const made = roomOf(fields);
  const own: Room = outer
    ? { namespaces: [...outer.namespaces, ...made.namespaces], rootfs: outer.rootfs || made.rootfs }
    : made;
  if (makes === 'actor' && typeof fields['name'] === 'string') rooms.set(fields['name'], own);
  if (operation.op === 'mount') return mountFault(operation, rooms.get(operation.in), path, lang);
  const command = fields['command'];
  if (!isWords(command)) return [];
  const at = [...path, 'command'];
  if (runs === 'look') return lookFault(command, lang, at);
  const room = runs === 'inside' ? rooms.get(String(fields['in'])) : runs === 'own' ? own : undefined;
  if (room && (isClosed(room) || isHarmless(command, room))) return [];
  return [
    {
      at,
      found: say(lang, FAULTS.foreign, { command: `\`${command.join(' ')}\`` }),
      expected: say(lang, FAULTS.foreignGood),
      todo: say(lang, FAULTS.foreignTodo),
    },
  ];
}

/** A path of the host's, or one that may climb to it, in a source or an option (`lowerdir=/etc`): what is mounted from there a closed room would see. */
const OF_HOST = /(^|[=:])\/|\.\./;

function mountFault(
  { source, options = [] }: Extract<Operation, { op: 'mount' }>,
  room: Room | undefined,
  path: Path,
  lang: Lang,
): readonly Fault[] {
  const bad = [source ?? '', ...options].find((text) => OF_HOST.test(text));
  if (bad === undefined || (room && isClosed(room))) return [];
  return [
    {
      at: [...path, source === bad ? 'source' : 'options'],
      found: say(lang, FAULTS.foreign, { command: `\`${bad}\`` }),
      expected: say(lang, FAULTS.foreignMount),
      todo: say(lang, FAULTS.foreignMountTodo),
    },
  ];
}

function isWords(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((word) => typeof word === 'string');
}

function roomOf({ namespaces, rootfs }: Readonly<Record<string, unknown>>): Room {
  return { namespaces: isWords(namespaces) ? namespaces : [], rootfs: typeof rootfs === 'string' };
}

function isHarmless(command: readonly string[], { namespaces }: Room): boolean {
  const [word = ''] = command;
  if (IDLE.has(word)) return true;
  if (Object.hasOwn(ACTS_ON, word) && namespaces.includes(ACTS_ON[word] ?? '')) return true;
  return lookError(command, 'en') === null;
}

function lookFault(command: readonly string[], lang: Lang, at: Path): readonly Fault[] {
  const error = lookError(command, lang);
  if (!error) return [];
  return [
    {
      at,
      found: error.message,
      expected: say(lang, FAULTS.lookGood),
      todo: error.hint ?? say(lang, FAULTS.lookTodo),
    },
  ];
}

/** The table of lookers asked with something plain in the place of what is not known yet. */
function lookError(command: readonly string[], lang: Lang): UserError | null {
  const plain = withValues(command, (word, name) => {
    const kind = placeholders(`{${word}:${name}}`)[0]?.kind;
    return kind === 'actor' ? '1' : `/${name}`;
  });
  try {
    checkLook(plain, lang);
    return null;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}
