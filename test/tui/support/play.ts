// Plays a lesson in the real program as somebody does who reads the last line: what Enter is said to do is what is pressed.
import { until } from '../../support/process.ts';
import type { Tui } from './pty.ts';

/** The word that the footer has behind Enter, undefined where it has none. */
export function enterWord(screen: string): string | undefined {
  const footer = screen.trimEnd().split('\n').at(-1) ?? '';
  return /(?:^| )Enter (\S+)/.exec(footer)?.[1];
}

/** Number of the step that the title shows, from 1; 0 outside of a lesson. */
export function stepNumber(screen: string): number {
  return Number(/› (\d+) of \d+/.exec(screen)?.[1] ?? 0);
}

export interface Player {
  /** Number of the choice to take in a step, from 1; 1 if not said. */
  readonly choices?: Readonly<Record<number, number>>;
  /** Does the task of a step; the solution is played with `S` if not said. */
  readonly tasks?: Readonly<Record<number, (tui: Tui) => Promise<void>>>;
  /** Called with the screen when a step is done, before the next one. */
  readonly onDone?: (step: number, screen: string, tui: Tui) => void | Promise<void>;
}

/** Plays from where the screen is to the end of the lesson, where Enter would leave it. Throws with the screen where nothing happens. */
export async function play(tui: Tui, steps: number, player: Player = {}): Promise<void> {
  for (let step = stepNumber(tui.text()); step <= steps; step += 1) {
    await tui.waitFor((screen) => stepNumber(screen) === step && enterWord(screen) !== undefined, 20_000);
    await finish(tui, step, player);
    await player.onDone?.(step, tui.text(), tui);
    tui.press('Enter');
    if (step === steps) await tui.waitFor((screen) => enterWord(screen) === 'finish');
  }
}

async function finish(tui: Tui, step: number, player: Player): Promise<void> {
  let last = '';
  await until(
    `step ${step} to be done`,
    async () => {
      const word = enterWord(tui.text());
      if (word === 'next') return true;
      if (word === last) return false;
      last = word ?? '';
      if (word === 'choose') tui.press(String(player.choices?.[step] ?? 1));
      else if (word === 'run') tui.press('Enter');
      else if (word === 'check') await (player.tasks?.[step] ?? solve)(tui);
      return false;
    },
    30_000,
  ).catch((error: unknown) => {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${tui.text()}`);
  });
}

async function solve(tui: Tui): Promise<void> {
  tui.press('S');
}
