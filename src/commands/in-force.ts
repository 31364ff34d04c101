// The words for a limit that is in force: its value, which group sets it, and which groups' own limits were refused. Reads nothing.
import { cpusOf } from '../model/limits.ts';
import type { Effective } from '../model/types.ts';
import { type Lang, say } from '../text/lang.ts';
import { clean } from '../text/sanitize.ts';
import { quantity, type Unit } from '../text/units.ts';
import { MESSAGES } from './messages.ts';

export interface InForce {
  /** `max`, `64 MiB, its own`, `48 MiB, set by /a`. */
  readonly least: string;
  /** The group's own, or none at all. */
  readonly isOwn: boolean;
  /** `or less: denied in /a`; null where no group refused its limit. */
  readonly denied: string | null;
}

/** `path`: the group that is told of. A cpu quota is told in CPUs. */
export function inForce(lang: Lang, effective: Effective, unit: Unit, path: string): InForce {
  const { denied, setBy } = effective;
  const isOwn = effective.value === 'max' || setBy === path;
  return {
    least: leastWord(lang, effective, unit, isOwn),
    isOwn,
    denied: denied ? say(lang, MESSAGES.inForceDenied, { groups: denied.map(clean).join(', ') }) : null,
  };
}

function leastWord(lang: Lang, effective: Effective, unit: Unit, isOwn: boolean): string {
  if (effective.value === 'max') return 'max';
  const cpus = effective.per === undefined ? null : cpusOf(effective);
  const value =
    cpus === null || cpus === 'max'
      ? quantity(effective.value, unit)
      : say(lang, MESSAGES.cpus, { count: (Number(cpus) / 100).toFixed(2) });
  if (isOwn) return say(lang, MESSAGES.inForceOwn, { value });
  return say(lang, MESSAGES.inForceBy, { value, path: clean(effective.setBy) });
}
