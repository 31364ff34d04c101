// What a snapshot could not see, in words: printed after every table so that a gap is never taken for an absence.
import { hidingOptions, subsetOptions } from '../model/hidden.ts';
import type { Snapshot } from '../model/types.ts';
import { type Lang, say } from '../text/lang.ts';
import { clean } from '../text/sanitize.ts';
import { MESSAGES } from './messages.ts';

/** One line each; empty where all was seen. */
export function coverageRemarks(lang: Lang, snapshot: Snapshot): readonly string[] {
  const { coverage, host } = snapshot;
  const remarks: string[] = [];
  if (coverage.insideContainer) remarks.push(say(lang, MESSAGES.insideContainer));
  const subset = subsetOptions(snapshot);
  const hiding = hidingOptions(snapshot);
  if (hiding.length > 0) remarks.push(say(lang, MESSAGES.hidden, { options: hiding.join(',') }));
  if (subset.length > 0) remarks.push(say(lang, MESSAGES.subset, { options: subset.join(',') }));
  const denied = host.uid === 0 ? MESSAGES.deniedToRoot : MESSAGES.denied;
  if (coverage.denied > 0)
    remarks.push(say(lang, denied, { count: coverage.denied, all: coverage.processes }));
  if (coverage.owners === 'unavailable') remarks.push(say(lang, MESSAGES.noOwners));
  for (const { socket, version } of host.engines) {
    if (!version.ok)
      remarks.push(say(lang, MESSAGES.engineSilent, { socket: clean(socket), why: version.why }));
  }
  for (const { path, why } of coverage.unread) remarks.push(`${clean(path)}: ${why}`);
  return remarks;
}
