// Names of users from passwd(5), for a column that a person reads; numbers stay where there is no name.
import type { HostFs } from './fs.ts';
import { clean } from '../text/sanitize.ts';

/** uid to name of the local accounts; the first name of a uid wins, as getpwuid(3) has it. Empty where the file cannot be read. */
export function userNames(fs: HostFs): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  const text = fs.readText('/etc/passwd');
  for (const line of text.ok ? text.value.split('\n') : []) {
    const [name = '', , uid = ''] = line.split(':');
    if (name !== '' && /^\d+$/.test(uid) && !names.has(Number(uid))) names.set(Number(uid), clean(name));
  }
  return names;
}
