// Writes the pictures of the README: the main screens of the real program, on a recorded host and in a recorded lesson. Builds nothing; compares nothing.
import { mkdirSync, writeFileSync } from 'node:fs';
import { enterWord } from './support/play.ts';
import { svgOf } from './support/picture.ts';
import { type Tui, withTui } from './support/pty.ts';

const HOST = ['--from', 'fixtures/hosts/debian13-v2-docker.host'];
const DIR = 'pictures';

mkdirSync(DIR, { recursive: true });

/** One picture of the screen as `ready` leaves it. */
async function take(
  name: string,
  args: readonly string[],
  size: readonly [cols: number, rows: number],
  ready: (tui: Tui) => Promise<unknown>,
): Promise<void> {
  const [cols, rows] = size;
  await withTui({ args: [...args, ...HOST], cols, rows }, async (tui) => {
    await ready(tui);
    await tui.settle();
    writeFileSync(`${DIR}/${name}.svg`, svgOf(tui.cells()));
    console.log(`${DIR}/${name}.svg`);
  });
}

await take('home', [], [120, 34], (tui) => tui.waitFor(/findings +\d/));
await take('inspect', ['inspect', 'web'], [160, 36], async (tui) => {
  await tui.waitFor(/memory +v2/);
  await tui.waitFor(/Findings · \d/);
});
await take('lesson', ['learn', 'uts-namespace'], [130, 42], async (tui) => {
  await tui.waitFor('1 of 9', 20_000);
  tui.press('Enter');
  await tui.waitFor((screen) => enterWord(screen) === 'next', 20_000);
  tui.press('Enter');
  await tui.waitFor('2 of 9');
  tui.press('1', 'Enter');
  await tui.waitFor((screen) => enterWord(screen) === 'next', 20_000);
});
