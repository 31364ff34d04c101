// The program as panes on a blessed screen: keys, mouse and sizes become actions, drawings become boxes.
import { draw } from '../view/screen.ts';
import type { Front } from './front.ts';
import { type BlessedKey, keyOf, mouseOf } from './keys.ts';
import type { TuiOptions } from './options.ts';
import { makePanes } from './pane.ts';
import { runProgram } from './program.ts';
import { makeScreen } from './screen.ts';
import { comeBack, runShell } from './shell.ts';

/** Runs the terminal program until it is left; resolves as `runProgram` does. */
export function runTui(options: TuiOptions): Promise<number> {
  return runProgram(options, sizeNow(), (send): Front => {
    const screen = makeScreen();
    const panes = makePanes(screen);
    screen.on('keypress', (character: string | undefined, key: BlessedKey) => {
      const name = keyOf(character, key);
      if (name !== null) send({ type: 'key', key: name });
    });
    screen.on('mouse', (event: { action: string; x: number; y: number }) => {
      const action = mouseOf(event);
      if (action) send(action);
    });
    screen.on('resize', () => send({ type: 'resize', size: sizeNow() }));
    return {
      show(state) {
        const drawn = draw(state);
        panes.show(drawn.parts);
        screen.render();
        return drawn.extents;
      },
      runShell: (argv, line) => runShell(screen, argv, line),
      comeBack: () => comeBack(screen),
      copy: (text) => void screen.program.write(clipboardSequence(text)),
      leave: () => screen.destroy(),
    };
  });
}

function sizeNow(): { readonly width: number; readonly height: number } {
  return { width: process.stdout.columns, height: process.stdout.rows };
}

/** OSC 52 of xterm's control sequences: a terminal that has no clipboard for us leaves it out. */
function clipboardSequence(text: string): string {
  return `\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`;
}
