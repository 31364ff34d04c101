// Makes a pair of virtual Ethernet interfaces (veth(4)), each end directly in its network namespace: no instant of it is elsewhere.
import { UserError } from '../../text/errors.ts';
import { say } from '../../text/lang.ts';
import {
  type End,
  type IpLine,
  livingEnd,
  makeLink,
  needIp,
  plannedEnd,
  setUp,
  shellOf,
  undoLink,
} from './link.ts';
import { LINK_LINES, LINKS } from './link-messages.ts';
import { MADE, type MadeBy, note, type OperationKind, type OperationOf } from './operation.ts';

type Veth = OperationOf<'veth'>;

/** The lines, and the end at which the pair is made: that on the host, where there is one. */
function linesOf(operation: Veth, own: End, peer: End): { lines: readonly IpLine[]; at: End } {
  const [at, other] = peer.place === null ? [peer, own] : [own, peer];
  const same = operation.of === operation.peerOf || other.place === null;
  const words = ['ip', 'link', 'add', at.name, 'type', 'veth', 'peer', 'name', other.name];
  const add = { place: at.place, words: same ? words : [...words, 'netns', String(other.place.pid)] };
  return { lines: [add, ...setUp(own, operation.address), ...setUp(peer, operation.peerAddress)], at };
}

const told = (own: End, peer: End) => ({ name: own.name, of: own.of, peer: peer.name, peerOf: peer.of });

export const veth: OperationKind<Veth, MadeBy<'veth'>> = {
  plan(operation, lab) {
    const own = plannedEnd(lab, operation.of, operation.name);
    const peer = plannedEnd(lab, operation.peerOf, operation.peer);
    return {
      shell: shellOf(linesOf(operation, own, peer).lines),
      touches: say(lab.lang, LINK_LINES.vethTouches, told(own, peer)),
      undo: say(lab.lang, LINK_LINES.linkUndo),
      privileged: lab.mode === 'root',
    };
  },

  async perform(operation, lab, doing) {
    needIp(lab);
    if (operation.of === 'host' && operation.peerOf === 'host') {
      throw new UserError(say(lab.lang, LINKS.oneOnHost));
    }
    const own = livingEnd(lab, operation.of, operation.name);
    const peer = livingEnd(lab, operation.peerOf, operation.peer);
    const { lines, at } = linesOf(operation, own, peer);
    await makeLink(lab, doing, 'veth', lines, at, [own, peer]);
    note(doing, say(lab.lang, LINK_LINES.vethMade, told(own, peer)));
    return { ...MADE, output: [] };
  },

  undo: undoLink,
};
