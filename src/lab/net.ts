// Network interfaces as ip(8) of iproute2 makes and tells of them, in this program's network namespace or in that of a process.
// Knows no ledger: what may be made and undone is the operations' matter.
import { run } from '../host/exec.ts';
import type { HostFs } from '../host/fs.ts';
import { parseLinks } from '../host/ip-link.ts';
import { parseNetDev } from '../kernel/proc/net-dev.ts';
import { parseNsLink } from '../kernel/proc/ns.ts';
import { ParseError } from '../text/errors.ts';
import { dyingWithUs, nsenterArgv, nsenterShell, shellWords } from './argv.ts';
import { environment } from './environment.ts';
import type { Link } from './questions.ts';

/** The process through whose namespaces a network namespace is entered; null for this program's own. */
export type NetPlace = {
  readonly pid: number | string;
  /** Its user namespace is entered first, for the capabilities: without root. */
  readonly user: boolean;
} | null;

/** An interface of a lab on the host: its name is all that an intent alone tells of the owner. */
export const HOST_LINK = /^ns-([0-9a-f]{8})-\d{1,3}$/;

/** At most 15 characters (IFNAMSIZ of linux/if.h) for the first 999 of a lab. */
export function hostLinkName(lab: string, count: number): string {
  return `ns-${lab}-${count}`;
}

// Not the pid namespace: `ip link … netns PID` means a pid as this program sees it.
function entered(place: NonNullable<NetPlace>, command: readonly string[]) {
  return {
    pid: place.pid,
    namespaces: place.user ? (['user', 'net'] as const) : (['net'] as const),
    root: false,
    command,
  };
}

/** The argument list that runs a command there, with the host's files. */
function netArgv(place: NetPlace, command: readonly string[]): readonly string[] {
  return dyingWithUs(place === null ? command : nsenterArgv(entered(place, command)));
}

/** The same as a learner types it. */
export function netShell(place: NetPlace, command: readonly string[]): string {
  return place === null ? shellWords(command) : nsenterShell(entered(place, command));
}

const LIMIT_MS = 5000;

/** Runs a short command there. */
export async function runThere(
  lab: string,
  place: NetPlace,
  command: readonly string[],
  signal?: AbortSignal,
): ReturnType<typeof run> {
  const [file = '', ...args] = netArgv(place, command);
  return await run(file, args, {
    timeoutMs: LIMIT_MS,
    env: environment(lab),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** The inode of a process' network namespace; null where the kernel does not say. */
export function netnsOf(fs: HostFs, pid: number | 'self'): number | null {
  const path = `/proc/${pid}/ns/net`;
  const link = fs.readLink(path);
  return link.ok ? parseNsLink(link.value, path).inode : null;
}

/** The names of the interfaces in this program's network namespace (proc_pid_net(5)); none where they cannot be read. */
export function ownLinks(fs: HostFs): readonly string[] {
  const text = fs.readText('/proc/self/net/dev');
  return text.ok ? parseNetDev(text.value) : [];
}

/** An interface, and where its other end is: a number that this namespace has for another (network_namespaces(7)), or `here`. */
export interface ToldLink {
  readonly link: Link;
  readonly peer: number | 'here' | null;
}

/** What `ip -json -details address show dev NAME` prints. Throws ParseError where it is something else. */
export function parseLink(text: string): ToldLink {
  const [found] = parseLinks(text);
  if (!found) throw new ParseError('ip -json -details address show', 'one interface', text);
  const { name, ifindex, kind, up, addresses, master, other } = found;
  const far = other?.in === 'here' ? 'here' : (other?.netnsid ?? null);
  return {
    link: { name, ifindex, kind, up: up === true, addresses, master, peerNetns: null },
    peer: kind === 'veth' ? far : null,
  };
}

/** An interface by name; null where there is none, and `unread` with what ip(8) said where it did not answer. */
export async function readLink(
  lab: string,
  place: NetPlace,
  name: string,
  signal?: AbortSignal,
): Promise<ToldLink | null | { readonly unread: string }> {
  const command = ['ip', '-json', '-details', 'address', 'show', 'dev', name];
  const { exitCode, stdout, stderr } = await runThere(lab, place, command, signal);
  if (exitCode === 0) return parseLink(stdout);
  return /does not exist/i.test(stderr) ? null : { unread: stderr.split('\n')[0] ?? '' };
}
