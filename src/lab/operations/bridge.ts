// Makes a bridge, a switch in software (ip-link(8)), in an actor's network namespace or on the host, and makes interfaces that are there its ports.
import { UserError } from '../../text/errors.ts';
import { say } from '../../text/lang.ts';
import {
  type End,
  indexOf,
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

type Bridge = OperationOf<'bridge'>;

function linesOf({ address }: Bridge, own: End, ports: readonly End[]): readonly IpLine[] {
  const { place, name } = own;
  return [
    { place, words: ['ip', 'link', 'add', name, 'type', 'bridge'] },
    ...ports.map((port) => ({ place, words: ['ip', 'link', 'set', 'dev', port.name, 'master', name] })),
    ...setUp(own, address),
  ];
}

export const bridge: OperationKind<Bridge, MadeBy<'bridge'>> = {
  plan(operation, lab) {
    const { of, name, ports = [] } = operation;
    const own = plannedEnd(lab, of, name);
    return {
      shell: shellOf(
        linesOf(
          operation,
          own,
          ports.map((port) => plannedEnd(lab, of, port)),
        ),
      ),
      touches: say(lab.lang, LINK_LINES.bridgeTouches, { name: own.name, of: own.of }),
      undo: say(lab.lang, LINK_LINES.linkUndo),
      privileged: lab.mode === 'root',
    };
  },

  async perform(operation, lab, doing) {
    needIp(lab);
    const { of, name } = operation;
    const own = livingEnd(lab, of, name);
    const ports = (operation.ports ?? []).map((port) => livingEnd(lab, of, port));
    for (const port of ports) {
      if ((await indexOf(lab, doing, port)) !== null) continue;
      throw new UserError(say(lab.lang, LINKS.noPort, { of: port.of, name: port.name }));
    }
    await makeLink(lab, doing, 'bridge', linesOf(operation, own, ports), own, [own]);
    note(doing, say(lab.lang, LINK_LINES.bridgeMade, { name: own.name, of: own.of }));
    return { ...MADE, output: [] };
  },

  undo: undoLink,
};
