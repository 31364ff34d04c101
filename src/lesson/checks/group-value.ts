// What the checks `cgroup` and `event` share: a value of one of the lab's cgroups by its neutral name, and the file that shows it.
import { controlFile } from '../../kernel/cgroup/files.ts';
import { type Reading, unread } from '../../kernel/reading.ts';
import type { GroupAnswer, QuestionOf } from '../../lab/questions.ts';
import { bytes } from '../../text/units.ts';
import type { Verdict } from '../types.ts';
import { type CheckContext, type Speak } from './check.ts';
import { CHECKS } from './messages.ts';
import { GROUPS } from './group-messages.ts';

/** `memory.limit`: a controller and a key of the table of control files. */
export interface Named {
  readonly controller: string;
  readonly key: string;
}

export function nameOfValue(value: string): Named {
  const [controller = '', key = ''] = value.split('.', 2);
  return { controller, key };
}

/** True for a name that the table of control files has, and that is a number. */
export function isValue(value: string, kinds: readonly string[]): boolean {
  const { controller, key } = nameOfValue(value);
  return kinds.includes(controlFile(controller, key)?.kind ?? '') && value.split('.').length === 2;
}

export function questionOf(of: string, { controller }: Named): QuestionOf<'group'> {
  return { ask: 'group', of, controller };
}

/** The value in a group's answer; `effective`: what is in force, the least of the group and its ancestors. */
export function valueIn(answer: Reading<GroupAnswer>, { key }: Named, effective = false): Reading<string> {
  if (!answer.ok) return answer;
  const { values, effective: least, directory } = answer.value;
  const found = effective ? least[key]?.value : undefined;
  if (found !== undefined) return { ok: true, value: found };
  return values[key] ?? unread('unsupported', directory);
}

/** The file that shows the value, as the group's version has it. */
export function proofOf(answer: Reading<GroupAnswer>, { controller, key }: Named): string {
  const row = controlFile(controller, key);
  if (!answer.ok) return answer.path;
  const { version, directory } = answer.value;
  const field = version === 1 ? row?.v1 : row?.v2;
  if (!field) return `ls ${directory}`;
  const path = `${directory}/${field.file}`;
  return field.field === undefined ? `cat ${path}` : `grep '^${field.field} ' ${path}`;
}

/** Why there is no value, in words. */
export function whyNone(reading: Reading<unknown>, { controller, key }: Named, t: Speak): string {
  if (reading.ok) return '';
  if (reading.why === 'denied') return t(CHECKS.denied, { path: reading.path });
  return reading.why === 'gone' ? t(GROUPS.noGroup) : t(GROUPS.noFile, { file: `${controller}.${key}` });
}

/** A group that is not there fails; what the kernel does not show, or the version has not, leaves open. */
export function verdictOfNone(reading: Reading<unknown>): Verdict {
  return !reading.ok && reading.why === 'gone' ? 'fail' : 'unknown';
}

const SUFFIX: Readonly<Record<string, bigint>> = { '': 1n, K: 1n << 10n, M: 1n << 20n, G: 1n << 30n };

/** `32M`, `64`, `max` as in a lesson; null for another form. */
export function quantity(text: string): bigint | 'max' | null {
  if (text === 'max') return 'max';
  const [, digits, suffix = ''] = /^(\d{1,18})([KMG]?)$/.exec(text) ?? [];
  return digits === undefined ? null : BigInt(digits) * (SUFFIX[suffix] ?? 1n);
}

/** -1, 0, 1 as a is less, the same or more; no limit is more than every number. */
export function compare(a: bigint | 'max', b: bigint | 'max'): number {
  if (a === b) return 0;
  if (a === 'max') return 1;
  return b === 'max' || a < b ? -1 : 1;
}

/** A value as people read it: bytes with their unit, others as they are. */
export function shown(text: string, { controller, key }: Named): string {
  const row = controlFile(controller, key);
  const unit = (row?.v2 ?? row?.v1)?.unit;
  const number = quantity(text);
  return unit === 'bytes' && typeof number === 'bigint' ? bytes(number) : text;
}

export function ask(of: string, named: Named, context: CheckContext): Promise<Reading<GroupAnswer>> {
  return context.ask<'group'>(questionOf(of, named));
}
