// What a limit in a neutral name (`memory.limit`) is to a group of the lab's: which tree, which file, which text. Pure but for reads.
import { basename, join } from 'node:path';
import type { HostFs } from '../host/fs.ts';
import { controlFile, type FileField, V1_CONTROLLER } from '../kernel/cgroup/files.ts';
import { CORE_CONTROLLER } from '../kernel/cgroup/files/core.ts';
import { UserError } from '../text/errors.ts';
import { type Lang, say } from '../text/lang.ts';
import { labCgroup } from './cgroupfs.ts';
import type { Ground } from './delegation.ts';
import { ERRORS, NOTES } from './messages.ts';

export interface Limit {
  readonly controller: string;
  readonly key: string;
  readonly value: string;
}

/** A controller that is not to be had, and why, in the asked language. */
export interface Missing {
  readonly controller: string;
  readonly reason: string;
}

export function limitsOf(lang: Lang, limits: Readonly<Record<string, string>>): readonly Limit[] {
  return Object.entries(limits).map(([name, value]) => {
    const [controller = '', key = ''] = name.split('.', 2);
    if (controlFile(controller, key)?.kind !== 'limit') {
      throw new UserError(say(lang, ERRORS.unknownLimit, { key: name }));
    }
    return { controller, key, value };
  });
}

/** The tree that holds a controller, and the file of the limit there; null where that version has none. */
export interface Home {
  readonly ground: Ground;
  readonly field: FileField | null;
}

/** The tree that a controller is in and may be used in, or why there is none. */
export function homeOf(
  fs: HostFs,
  lang: Lang,
  grounds: readonly Ground[],
  controller: string,
  key: string | null,
): Home | string {
  const row = key === null ? undefined : controlFile(controller, key);
  const v1Name = row?.v1?.controller ?? V1_CONTROLLER[controller] ?? controller;
  const v1 = grounds.find(
    ({ hierarchy }) => hierarchy.version === 1 && hierarchy.controllers.includes(v1Name),
  );
  if (v1 !== undefined) return { ground: v1, field: row?.v1 ?? null };
  const v2 = grounds.find(({ hierarchy }) => hierarchy.version === 2);
  const core = row?.v2?.core === true || controller === CORE_CONTROLLER;
  if (v2 === undefined || (!v2.hierarchy.controllers.includes(controller) && !core)) {
    return say(lang, NOTES.notMounted);
  }
  const file = join(v2.base, v2.delegated ? 'cgroup.controllers' : 'cgroup.subtree_control');
  const enabled = fs.readText(file);
  if (!core && !(enabled.ok && enabled.value.trim().split(' ').includes(controller))) {
    return say(lang, v2.delegated ? NOTES.notDelegated : NOTES.notEnabled, { file });
  }
  return { ground: v2, field: row?.v2 ?? null };
}

/** The text to write: some files hold several values, of which this is one. */
function textFor(field: FileField, version: 1 | 2, limit: Limit, before: string): string {
  const value = version === 1 && limit.value === 'max' && limit.controller !== 'pids' ? '-1' : limit.value;
  if (field.field !== undefined) return `${field.field} ${value}`;
  if (field.index === undefined) return value;
  const words = before.trim().split(' ');
  words[field.index] = value;
  return words.join(' ');
}

/** v1 is asked to freeze in another file than the one that says that it was asked (freezer-subsystem.rst). */
function writtenAs(field: FileField): { file: string; words?: Readonly<Record<string, string>> } {
  if (field.file !== 'freezer.self_freezing') return { file: field.file };
  return { file: 'freezer.state', words: { '0': 'THAWED', '1': 'FROZEN' } };
}

/** cpu.max before anything has been written to it (cgroup-v2.rst). */
const DEFAULTS: Readonly<Record<string, string>> = { 'cpu.max': 'max 100000' };

/** What is to be written, and where, for a limit of the group in `directory`. `before` is the file's text, where it is known. */
export function writeOf(
  directory: string,
  field: FileField,
  version: 1 | 2,
  limit: Limit,
  before: string | undefined,
): { readonly file: string; readonly value: string } {
  const { file, words } = writtenAs(field);
  return {
    file: join(directory, file),
    value: words?.[limit.value] ?? textFor(field, version, limit, before ?? DEFAULTS[file] ?? ''),
  };
}

/** Of a group's directories, one in each tree, that in the tree of a controller; null where the group has none there. */
export function directoryIn(directories: readonly string[], { ground }: Home): string | null {
  const top = join(ground.base, labCgroup(''));
  return directories.find((directory) => directory.startsWith(top)) ?? null;
}

/**
 * What `{cgroup:WHAT:NAME}` stands for: of a controller (`memory`) the group's directory in its tree, of a value in a neutral name
 * (`memory.limit`) its control file. Null where the group is not in such a tree, or that version of cgroups has no such file.
 * Throws a UserError for a name that the table of control files does not have.
 */
export function pathOfGroup(
  lab: { readonly fs: HostFs; readonly lang: Lang },
  grounds: readonly Ground[],
  directories: readonly string[],
  what: string,
): string | null {
  const [controller = '', key] = what.split('.', 2);
  if (key !== undefined && controlFile(controller, key) === undefined) {
    throw new UserError(say(lab.lang, ERRORS.unknownValue, { key: what }));
  }
  const home = homeOf(lab.fs, lab.lang, grounds, controller, key ?? null);
  if (typeof home === 'string') return null;
  const directory = directoryIn(directories, home);
  if (directory === null || key === undefined) return directory;
  return home.field === null ? null : join(directory, basename(home.field.file));
}
