// What the operations on network interfaces share: where an interface is, its commands, and the undo by number, name and namespace.
import { UserError } from '../../text/errors.ts';
import { say } from '../../text/lang.ts';
import { shellWords, unknownPid } from '../argv.ts';
import type { Identity, Made } from '../ledger.ts';
import { CLEANUP, ERRORS } from '../messages.ts';
import { HOST_LINK, hostLinkName, type NetPlace, netnsOf, netShell, readLink, runThere } from '../net.ts';
import { isAlive } from '../process.ts';
import type { Leftover } from '../types.ts';
import { findProgram } from '../userland.ts';
import { LINKS } from './link-messages.ts';
import { type Acting, type Doing, NOTHING_TO_SAY, type Undoing, type Undone } from './operation.ts';
import { livingActor } from './run.ts';

/** One end: an interface of an actor or of the host, by the names that the lesson and the kernel have for it. */
export interface End {
  /** For people: the actor's name, or the host. */
  readonly of: string;
  readonly place: NetPlace;
  readonly name: string;
}

/** One ip(8) command, and where it runs. */
export interface IpLine {
  readonly place: NetPlace;
  readonly words: readonly string[];
}

/** The name that an interface on the host has there, the same each time it is asked for. */
function onHost(lab: Acting, name: string): string {
  const known = lab.hostLinks.get(name);
  if (known !== undefined) return known;
  const given = hostLinkName(lab.id, lab.hostLinks.size + 1);
  lab.hostLinks.set(name, given);
  return given;
}

/** An end as a plan has it; an actor that has not started yet has a shell variable for a pid. */
export function plannedEnd(lab: Acting, of: string, name: string): End {
  if (of === 'host') return { of: say(lab.lang, LINKS.host), place: null, name: onHost(lab, name) };
  const actor = lab.actors.get(of);
  const { enter = [] } = actor ?? lab.planned.actors.get(of) ?? {};
  const user = lab.mode === 'rootless' && enter.includes('user');
  return { of, place: { pid: actor?.pid ?? unknownPid(of), user }, name };
}

/** The same for what is about to be made. Throws a UserError where the end cannot be there. */
export function livingEnd(lab: Acting, of: string, name: string): End {
  if (of === 'host') {
    if (lab.mode === 'rootless') throw new UserError(say(lab.lang, LINKS.hostNeedsRoot), { exitCode: 3 });
  } else if (!livingActor(lab, of).enter.includes('net')) {
    throw new UserError(say(lab.lang, LINKS.noNetns, { name: of }));
  }
  return plannedEnd(lab, of, name);
}

export function needIp(lab: Acting): void {
  if (findProgram('ip') !== null) return;
  throw new UserError(say(lab.lang, LINKS.noIp), { hint: say(lab.lang, LINKS.installIp), exitCode: 3 });
}

/** Whether an interface is there, and its number. Throws a UserError where that cannot be told. */
export async function indexOf(lab: Acting, doing: Doing, { place, name }: End): Promise<number | null> {
  const found = await readLink(lab.id, place, name, doing.signal);
  if (found === null) return null;
  if ('unread' in found) {
    throw refused(lab, { place, words: ['ip', 'address', 'show', 'dev', name] }, found.unread);
  }
  return found.link.ifindex;
}

export function shellOf(lines: readonly IpLine[]): string {
  return lines.map(({ place, words }) => netShell(place, words)).join('\n');
}

function refused(lab: Acting, { place, words }: IpLine, reason: string): UserError {
  const command = netShell(place, words);
  return new UserError(say(lab.lang, LINKS.ipFailed, { command, reason }), { exitCode: 3 });
}

async function runLine(lab: Acting, doing: Doing, line: IpLine): Promise<void> {
  if (doing.signal.aborted) throw new UserError(say(lab.lang, ERRORS.interrupted));
  const { exitCode, stderr } = await runThere(lab.id, line.place, line.words, doing.signal);
  if (exitCode !== 0) throw refused(lab, line, stderr.split('\n')[0] || String(exitCode));
}

/** The process that an actor's end is reached through, for the ledger. */
function processAt(lab: Acting, { place }: End): { pid: number; starttime: number } | null {
  if (place === null) return null;
  const actor = [...lab.actors.values()].find(({ pid }) => pid === place.pid);
  return { pid: Number(place.pid), starttime: actor?.starttime ?? 0 };
}

/**
 * Makes one thing by the first line, and completes it by the others. `end` is the interface by which it is undone; `all` must
 * not be there yet.
 */
export async function makeLink(
  lab: Acting,
  doing: Doing,
  op: 'veth' | 'bridge',
  [first, ...rest]: readonly IpLine[],
  end: End,
  all: readonly End[],
): Promise<void> {
  if (first === undefined) return;
  for (const one of all) {
    if ((await indexOf(lab, doing, one)) === null) continue;
    throw new UserError(say(lab.lang, LINKS.linkExists, { of: one.of, name: one.name }), { exitCode: 3 });
  }
  const process = processAt(lab, end);
  const netns = netnsOf(lab.fs, process?.pid ?? 'self') ?? 0;
  const n = lab.ledger.intend({ op, link: end.name, netns, in: process });
  try {
    await runLine(lab, doing, first);
  } catch (error) {
    // Nothing was made, unless ip(8) was killed when it had just succeeded: then the rollback looks.
    if (!doing.signal.aborted) lab.ledger.undone(n);
    throw error;
  }
  const ifindex = await indexOf(lab, doing, end);
  if (ifindex !== null) lab.ledger.done(n, { netns, ifindex });
  for (const line of rest) await runLine(lab, doing, line);
}

/** The lines that give an end its address and set it up. */
export function setUp({ place, name }: End, address: string | undefined): readonly IpLine[] {
  return [
    ...(address === undefined
      ? []
      : [{ place, words: ['ip', 'address', 'add', address, 'dev', name] } satisfies IpLine]),
    { place, words: ['ip', 'link', 'set', 'dev', name, 'up'] },
  ];
}

type MadeLink = Extract<Made, { link: string }>;

/**
 * Removes an interface of the lab's, and so its other end. One in a namespace of an actor that has ended is gone, or goes, with
 * that; another one with the name is left alone.
 */
export async function undoLink(made: MadeLink, identity: Identity | null, undoing: Undoing): Promise<Undone> {
  const { lab, fs, lang, sameBoot } = undoing;
  if (!sameBoot || (made.in !== null && !isAlive(fs, made.in))) return NOTHING_TO_SAY;
  const leave = (outcome: 'refused' | 'left', reason: string): Undone => {
    const proof = shellWords(['ip', 'link', 'show', 'dev', made.link]);
    const leftover: Leftover = { kind: 'link', lab, what: made.link, proof, live: false, reason };
    return { outcome, leftover };
  };
  const process = made.in;
  if (process === null && HOST_LINK.exec(made.link)?.[1] !== lab) {
    return leave('refused', say(lang, CLEANUP.notOurs));
  }
  if (netnsOf(fs, process?.pid ?? 'self') !== made.netns) {
    return process === null ? leave('left', say(lang, LINKS.otherNetns)) : NOTHING_TO_SAY;
  }
  const place = process === null ? null : { pid: process.pid, user: !sharesUser(undoing, process.pid) };
  const found = await readLink(lab, place, made.link);
  if (found === null) return NOTHING_TO_SAY;
  if ('unread' in found) return leave('left', say(lang, CLEANUP.stillThere, { reason: found.unread }));
  const known = identity !== null && 'ifindex' in identity ? identity.ifindex : found.link.ifindex;
  if (known !== found.link.ifindex) {
    return leave('refused', say(lang, LINKS.otherLink, { found: found.link.ifindex, expected: known }));
  }
  const { exitCode, stderr } = await runThere(lab, place, ['ip', 'link', 'delete', 'dev', made.link]);
  if (exitCode !== 0 && !/cannot find device/i.test(stderr)) {
    return leave('left', say(lang, CLEANUP.stillThere, { reason: stderr.split('\n')[0] ?? '' }));
  }
  return { outcome: 'undone', said: [say(lang, LINKS.linkRemoved, { name: made.link })] };
}

/** Where the process has the program's own user namespace, its capabilities are there already. */
function sharesUser({ fs }: Undoing, pid: number): boolean {
  const [own, its] = [fs.readLink('/proc/self/ns/user'), fs.readLink(`/proc/${pid}/ns/user`)];
  return process.geteuid?.() === 0 || !own.ok || !its.ok || own.value === its.value;
}
