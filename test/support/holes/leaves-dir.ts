// Passes, and leaves a directory where its temporary files go.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('leaves a directory');
test('makes it', () => {
  assert.ok(mkdtempSync(join(process.env['NSCOPE_TEST_TMP'] ?? tmpdir(), 'left-')));
});
test.run();
