import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { logCrash } from '../../src/ui/crash.ts';

const test = suite<{ dir: string }>('crash log');

test.before.each((context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'nscope-crash-'));
});

test.after.each(({ dir }) => {
  rmSync(dir, { recursive: true, force: true });
});

test('the log holds the stack, the line says where it is, nobody else can read it', ({ dir }) => {
  const file = join(dir, 'state', 'crash.log');
  const line = logCrash(file, new Error('boom'));
  assert.is(line, `nscope: crashed: boom; the log is ${file}`);
  const text = readFileSync(file, 'utf8');
  assert.match(text, /^\d{4}-\d\d-\d\dT\S+ Error: boom\n +at /);
  assert.is(statSync(file).mode & 0o077, 0);
  logCrash(file, 'no error object');
  assert.match(readFileSync(file, 'utf8'), /no error object\n$/);
});

test('where no log can be written the line carries the error', ({ dir }) => {
  writeFileSync(join(dir, 'state'), 'a file where a directory should be');
  const line = logCrash(join(dir, 'state', 'crash.log'), new Error('boom'));
  assert.match(line, 'cannot be written: Error: boom');
});

test('without a place for a log the line carries the stack, and nothing is written', () => {
  assert.match(logCrash(null, new Error('boom')), /^nscope: crashed: Error: boom\n +at /);
});

test.run();
