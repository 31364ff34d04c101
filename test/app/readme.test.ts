// README's key list is the key table's, to the letter. UPDATE_GOLDEN=1 writes it anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { keyTable } from '../../src/app/keymap.ts';

const test = suite('app/readme');
const FILE = new URL('../../README.md', import.meta.url);
const PLACE = /(<!-- keys -->\n)([\s\S]*?)(<!-- \/keys -->)/;

test('the keys', () => {
  const text = readFileSync(FILE, 'utf8');
  const wanted = keyTable('en');
  if (process.env['UPDATE_GOLDEN'] === '1') {
    writeFileSync(
      FILE,
      text.replace(PLACE, (_, open: string, _old, close: string) => `${open}${wanted}${close}`),
    );
    return;
  }
  assert.is(
    PLACE.exec(text)?.[2],
    wanted,
    'stale: UPDATE_GOLDEN=1 node --import tsx test/app/readme.test.ts',
  );
});

test.run();
