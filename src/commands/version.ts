// The program's version, from the package that it is part of.
import { readFileSync } from 'node:fs';

let known: string | null = null;

/** As package.json has it; the file is two folders above this one, in a checkout and in an installed package. */
export function version(): string {
  if (known === null) {
    const parsed: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    known =
      typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : '';
  }
  return known;
}
