// The screen as a picture: colours, places and escapes in the SVG, a PNG of the right size. Needs no font.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cssOf, pngOf, svgOf } from './picture.ts';
import type { Cell } from './pty.ts';

const test = suite('picture');
const CELL: Cell = {
  chars: ' ',
  width: 1,
  fg: 'default',
  bg: 'default',
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
};

test('colours of the palette', () => {
  assert.is(cssOf('default', '#123456'), '#123456');
  assert.is(cssOf({ palette: 16 }, ''), '#000000');
  assert.is(cssOf({ palette: 21 }, ''), '#0000ff');
  assert.is(cssOf({ palette: 231 }, ''), '#ffffff');
  assert.is(cssOf({ palette: 232 }, ''), '#080808');
  assert.is(cssOf({ palette: 255 }, ''), '#eeeeee');
  assert.is(cssOf({ rgb: 0x0102ff }, ''), '#0102ff');
});

test('each cell stands at its place, escaped', () => {
  const svg = svgOf([
    [
      { ...CELL, chars: '<', bold: true },
      { ...CELL, chars: '界', width: 2 },
      { ...CELL, chars: '', width: 0 },
      CELL,
    ],
    [CELL, CELL, { ...CELL, chars: '&', inverse: true, fg: { palette: 231 } }, CELL],
  ]);
  assert.match(svg, /width="36" height="36"/);
  assert.match(svg, /<text x="0" y="14" fill="#\w+" font-weight="bold">&lt;<\/text>/);
  assert.match(svg, /<text x="9" y="14" [^>]*>界<\/text>/);
  assert.match(svg, /<rect x="18" y="18" width="9" height="18" fill="#ffffff"\/>/);
  assert.match(svg, /<text x="18" y="32" [^>]*>&amp;<\/text>/);
  assert.is(svg.match(/<text /g)?.length, 3);
});

test('a PNG of the same size', () => {
  const png = pngOf(svgOf([[{ ...CELL, bg: { palette: 21 } }, CELL]]));
  // PNG: an eight byte signature, then IHDR with width and height as big-endian words at 16 and 20.
  assert.is(png.subarray(1, 4).toString(), 'PNG');
  assert.equal([png.readUInt32BE(16), png.readUInt32BE(20)], [18, 18]);
});

test.run();
