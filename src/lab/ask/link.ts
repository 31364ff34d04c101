// A network interface in an actor's network namespace, as ip(8) tells of it there: /sys shows the namespace of who mounted it.
import { unread, value } from '../../kernel/reading.ts';
import { type NetPlace, netnsOf, readLink, runThere } from '../net.ts';
import { isAlive } from '../process.ts';
import type { Answerer } from './index.ts';

export const link: Answerer<'link'> = async ({ of, name, peer }, lab, signal) => {
  const { fs, id } = lab;
  let place: NetPlace = null;
  let there = name;
  if (of === 'host') {
    // The host's other interfaces are none of a lesson's business, nor of a recording's.
    const own = lab.hostLinks.get(name) ?? (name === 'lo' ? name : undefined);
    if (own === undefined) return value(null);
    there = own;
  } else {
    const actor = lab.actors.get(of);
    if (actor === undefined || !isAlive(fs, actor)) return unread('gone', `/proc/${actor?.pid ?? of}/ns/net`);
    place = { pid: actor.pid, user: lab.mode === 'rootless' && actor.enter.includes('user') };
  }
  const found = await readLink(id, place, there, signal);
  if (found === null) return value(null);
  if ('unread' in found) return unread('unsupported', `ip address show dev ${there}`);
  if (!peer || found.peer === null) return value(found.link);
  const peerNetns =
    found.peer === 'here'
      ? netnsOf(fs, place === null ? 'self' : Number(place.pid))
      : await netnsNumbered(id, place, found.peer, signal);
  return value({ ...found.link, peerNetns });
};

/** The inode of the network namespace that another one calls by this number; lsns(8) asks for it, of those with a process. */
async function netnsNumbered(
  lab: string,
  place: NetPlace,
  number: number,
  signal: AbortSignal,
): Promise<number | null> {
  const command = ['lsns', '-t', 'net', '-n', '-r', '-o', 'NETNSID,NS'];
  const { stdout } = await runThere(lab, place, command, signal);
  const [, inode] = new RegExp(`^${number} (\\d+)$`, 'm').exec(stdout) ?? [];
  return inode === undefined ? null : Number(inode);
}
