// Reads whether a shim's containerd listens where the shim was told that it does. Connects to nobody.
import { parseNetUnix } from '../kernel/proc/net-unix.ts';
import { type Reading, unread, value } from '../kernel/reading.ts';
import { processAt } from '../model/find.ts';
import type { ShimFacts } from '../model/findings/finding.ts';
import { optionsOf } from '../model/engine-role.ts';
import type { Snapshot } from '../model/types.ts';
import { ParseError } from '../text/errors.ts';
import type { HostFs } from './fs.ts';

/** One entry for each living shim that names its containerd's socket (`-address`). */
export function examineShims(fs: HostFs, snapshot: Snapshot): readonly ShimFacts[] {
  const texts = new Map<string, Reading<ReadonlySet<string>>>();
  return snapshot.containers.flatMap(({ shim }): ShimFacts[] => {
    const process = shim ? processAt(snapshot, shim) : null;
    const address = process ? optionsOf(process, '-address', '--address')[0] : undefined;
    if (!shim || !process || address === undefined) return [];
    const file = `/proc/${shim.pid}/net/unix`;
    // All in one network namespace see the same sockets.
    const key = process.ns.net.ok ? String(process.ns.net.value) : file;
    const known = texts.get(key) ?? listenersIn(fs, file);
    texts.set(key, known);
    const listening = known.ok ? value(known.value.has(plain(address))) : known;
    return [{ shim: { pid: shim.pid, starttime: shim.starttime }, address, file, listening }];
  });
}

function listenersIn(fs: HostFs, file: string): Reading<ReadonlySet<string>> {
  const text = fs.readText(file);
  if (!text.ok) return text;
  try {
    const sockets = parseNetUnix(text.value, file).filter(({ listening }) => listening);
    return value(new Set(sockets.map(({ path }) => plain(path))));
  } catch (error) {
    if (error instanceof ParseError) return unread('unsupported', file);
    throw error;
  }
}

/** A path by the name that it has on hosts where /var/run is a link. */
function plain(path: string): string {
  return path.replace(/^unix:\/\//, '').replace(/^\/var\/run\//, '/run/');
}
