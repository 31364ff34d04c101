// Looks at the terminal program: starts it, presses keys, and writes the screen as PNG or SVG. For developers; no test.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bytesOf } from './support/keys.ts';
import { pngOf, svgOf } from './support/picture.ts';
import { withTui } from './support/pty.ts';

const USAGE = `node --import tsx test/tui/picture.ts [--out FILE] [--size COLSxROWS] [--wait TEXT] [--text] -- [ARGS…] [-- KEYS…]
  --out FILE   .png or .svg (screen.png)
  --size       120x40 if not given
  --wait TEXT  wait for this text after the start, before the first key
  --text       print the screen's text too
  ARGS are nscope's; KEYS are names (Enter, Down, Tab, Ctrl-c) or single characters, and after each the screen must come to rest.
  Builds nothing: npm run build first.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: 'screen.png' },
    size: { type: 'string', default: '120x40' },
    wait: { type: 'string' },
    text: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const [, cols, rows] = /^(\d+)x(\d+)$/.exec(values.size) ?? [];
if (values.help || cols === undefined || rows === undefined) {
  console.error(USAGE);
  process.exit(values.help ? 0 : 2);
}
const split = positionals.indexOf('--');
const args = split < 0 ? positionals : positionals.slice(0, split);
const keys = split < 0 ? [] : positionals.slice(split + 1);
for (const key of keys) bytesOf(key, false);

await withTui({ args, cols: Number(cols), rows: Number(rows) }, async (tui) => {
  await tui.waitFor(values.wait ?? /\S/);
  await tui.settle();
  for (const key of keys) {
    tui.press(key);
    await tui.settle();
  }
  const svg = svgOf(tui.cells());
  writeFileSync(values.out, values.out.endsWith('.svg') ? svg : pngOf(svg));
  if (values.text) console.log(tui.text());
  console.log(resolve(values.out));
});
