// The palette: what each colour looks like, and the nearest of others.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nearestOf16, nearestOf256, paletteColour } from '../../src/text/palette.ts';

const test = suite('text/palette');

test('cube and greys are xterm’s', () => {
  assert.is(paletteColour(16), 0x000000);
  assert.is(paletteColour(21), 0x0000ff);
  assert.is(paletteColour(110), 0x87afd7);
  assert.is(paletteColour(231), 0xffffff);
  assert.is(paletteColour(232), 0x080808);
  assert.is(paletteColour(255), 0xeeeeee);
});

test('every colour of the upper 240 is nearest to its own look', () => {
  for (let index = 16; index < 256; index += 1) {
    assert.is(paletteColour(nearestOf256(paletteColour(index))), paletteColour(index));
  }
  assert.is(nearestOf256(0x0ac81e), 40);
});

test('of the sixteen: themselves, and the nearest for the others', () => {
  for (let index = 0; index < 16; index += 1) assert.is(nearestOf16(index), index);
  assert.is(nearestOf16(196), 9);
  assert.is(nearestOf16(231), 15);
  assert.is(nearestOf16(232), 0);
});

test.run();
