// Reads the files that low-level runtimes and engines keep beside a container. A file that is being written, or is of another form, says nothing.
import type { HostFs } from './fs.ts';
import { type Annotations, parseAnnotations } from '../oci/annotations.ts';
import { type CrunStatus, parseCrunStatus } from '../oci/crun-status.ts';
import { parseRuncState, type RuncState } from '../oci/runc-state.ts';
import { ParseError } from '../text/errors.ts';

function read<T>(fs: HostFs, path: string, parse: (text: string, path: string) => T): T | null {
  const text = fs.readText(path);
  if (!text.ok) return null;
  try {
    return parse(text.value, path);
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
}

/** runc's state.json. */
export function readRuncState(fs: HostFs, path: string): RuncState | null {
  return read(fs, path, parseRuncState);
}

/** crun's status. */
export function readCrunStatus(fs: HostFs, path: string): CrunStatus | null {
  return read(fs, path, parseCrunStatus);
}

/** The annotations of a bundle's config.json. */
export function readAnnotations(fs: HostFs, path: string): Annotations | null {
  return read(fs, path, parseAnnotations);
}
