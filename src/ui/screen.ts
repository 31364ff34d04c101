// The one factory of the blessed screen, with the settings that were found to work together. Puts nothing on it.
import blessed from 'blessed';
import type { TerminalInput } from './input.ts';

/** A screen, with the two methods that @types/blessed does not know: to the alternate screen and back. */
export type Screen = blessed.Widgets.Screen & { enter(): void; leave(): void };

/**
 * Enters the alternate screen. blessed 0.1.81 reads these before the screen exists: line drawing in UTF-8 and not in the
 * alternate character set; SGR mouse reports, since the older ones end at column 223; and its own terminfo alone, since its
 * parser predates the format of ncurses 6.1 and takes tmux-256color and others for terminals of 8 colours.
 */
export function makeScreen(input: TerminalInput): Screen {
  process.env['NCURSES_NO_UTF8_ACS'] = '1';
  process.env['BLESSED_FORCE_MODES'] = 'VT200MOUSE=1,CELLMOTION=1,SGRMOUSE=1';
  // @types/blessed does not know ipaths, forceUnicode and the terminal's name.
  const { Tput } = blessed as unknown as { readonly Tput: { readonly ipaths: string[] } };
  Tput.ipaths.length = 0;
  const options = {
    terminal: 'xterm-256color',
    input,
    smartCSR: true,
    fullUnicode: true,
    forceUnicode: true,
    warnings: false,
  };
  return blessed.screen(options as typeof options & { readonly input: never }) as Screen;
}
