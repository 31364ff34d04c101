// Looks for findings: what is read for them beside a snapshot, and the second look that some need before they are believed.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Finding } from '../model/findings/finding.ts';
import { findingsOf, needsSecondLook, settled } from '../model/findings/index.ts';
import { examine } from './examine.ts';
import { type Host, takeSnapshot } from './host.ts';

/** Milliseconds until the second look, where a finding needs one: a container that starts or ends has settled by then. */
const SETTLE_MS = 1000;

/** Those of the findings that hold: what is also seen for a moment where all is well must be there a second later. */
export async function confirmed(host: Host, findings: readonly Finding[]): Promise<readonly Finding[]> {
  if (host.fs.kind === 'recorded' || !findings.some(needsSecondLook)) return findings;
  await sleep(SETTLE_MS);
  const snapshot = await takeSnapshot(host);
  return settled(findings, { snapshot, examined: await examine(host, snapshot) });
}

/** All that is wrong with the host now, notes included, after a deep look. Rejects with the signal's reason when it aborts. */
export async function diagnose(host: Host, signal?: AbortSignal): Promise<readonly Finding[]> {
  const snapshot = await takeSnapshot(host, { deep: signal ? { signal } : {} });
  return confirmed(host, findingsOf(snapshot, await examine(host, snapshot)));
}
