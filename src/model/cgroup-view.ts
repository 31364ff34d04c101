// The rows by which a group is told: every value of a controller with the kernel's word for it, its unit and what is in force. Reads nothing.
import { CONTROL_FILES, type ControlFile, type FileField } from '../kernel/cgroup/files.ts';
import type { Reading } from '../kernel/reading.ts';
import type { Unit } from '../text/units.ts';
import type { ControllerState, Effective, Quantity } from './types.ts';

export interface CgroupFact {
  readonly controller: string;
  /** As in the state: for a file of a page size with the size behind it. */
  readonly key: string;
  readonly kind: 'limit' | 'usage' | 'event';
  /** The file, and the key or the word in it where it holds more than one value: `memory.events oom_kill`. */
  readonly name: string;
  readonly unit: Unit;
  /** Grows all the time, so that a rate says something. */
  readonly counter: boolean;
  readonly reading: Reading<Quantity>;
  /** The limit that holds, where ancestors have a say. */
  readonly effective: Effective | null;
}

/** The facts of one controller in the table's order: limits, usage, events. None where it is not mounted. */
export function factsOf(controller: ControllerState): readonly CgroupFact[] {
  const { version } = controller;
  if (version === null) return [];
  return (['limit', 'usage', 'event'] as const).flatMap((kind) =>
    Object.entries(valuesOf(controller, kind)).flatMap(([key, reading]) => {
      const found = rowOf(controller.name, key);
      const field = version === 1 ? found?.row.v1 : found?.row.v2;
      if (!found || !field) return [];
      return [
        {
          controller: controller.name,
          key,
          kind,
          name: nameOf(field, found.row.key, found.size),
          unit: field.unit,
          counter: kind === 'event' || found.row.counter === true,
          reading,
          effective: controller.effective[key] ?? null,
        },
      ];
    }),
  );
}

function valuesOf(
  controller: ControllerState,
  kind: CgroupFact['kind'],
): Readonly<Record<string, Reading<Quantity>>> {
  if (kind === 'limit') return controller.limits;
  return kind === 'usage' ? controller.usage : controller.events;
}

/** `limit.2MB` is the row `limit` at the page size 2MB. */
function rowOf(controller: string, key: string): { row: ControlFile; size: string | null } | null {
  const [plain = '', size = null] = key.split('.');
  const row = CONTROL_FILES.find((one) => one.controller === controller && one.key === plain);
  return row ? { row, size } : null;
}

function nameOf(field: FileField, key: string, size: string | null): string {
  const file = size === null ? field.file : field.file.replace('<size>', size);
  if (field.index !== undefined) return `${file} ${key}`;
  const word = field.field ?? field.sum;
  return word === undefined ? file : `${file} ${word}`;
}

/**
 * Whether a fact belongs into a table that a person reads: what the panes show, a limit that is set, an event that has happened. What
 * the kernel has no file for is left out; what it denied is not.
 */
export function isTelling(fact: CgroupFact): boolean {
  const { reading } = fact;
  const isDetail = rowOf(fact.controller, fact.key)?.row.detail === true;
  if (!reading.ok) return reading.why === 'denied' || (reading.why === 'gone' && !isDetail);
  if (!isDetail) return true;
  if (fact.kind === 'event') return reading.value !== 0n;
  return fact.effective !== null && fact.effective.value !== 'max';
}
