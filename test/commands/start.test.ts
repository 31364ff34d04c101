// What is loaded before a command does anything, by the import lines of dist/: few files, and no library that only some commands use.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('commands/start');

/** The file and all that it imports, not by `import()`: path to text. */
function closure(file: string, found = new Map<string, string>()): ReadonlyMap<string, string> {
  if (found.has(file)) return found;
  const text = readFileSync(file, 'utf8');
  found.set(file, text);
  for (const [, from] of text.matchAll(/^(?:\} from|import) "(\.{1,2}\/[^"]+)";$/gm)) {
    if (from !== undefined) closure(join(dirname(file), from), found);
  }
  return found;
}

function packagesOf(files: ReadonlyMap<string, string>): string[] {
  const names = [...files.values()].flatMap((text) =>
    [...text.matchAll(/^\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)].map(([, name]) => name ?? ''),
  );
  return [...new Set(names)].sort();
}

test('every command begins with a handful of files, and of the libraries with the parser of arguments alone', () => {
  const files = closure('dist/cli.js');
  assert.ok(files.size > 1 && files.size < 8, [...files.keys()].join(' '));
  assert.ok(
    [...files.values()].some((text) => text.includes('// src/commands/ns.ts')),
    'the sources are told in the bundle',
  );
  assert.equal(packagesOf(files), ['commander', 'fastest-levenshtein']);
});

test('the worker that refreshes has no library at all', () => {
  const files = closure('dist/host/worker.js');
  assert.ok([...files.values()].some((text) => text.includes('// src/host/scan.ts')));
  assert.equal(packagesOf(files), []);
});

test('the licences of all code in dist/ are beside it', () => {
  const licences = readFileSync('dist/LICENSES.txt', 'utf8');
  for (const name of ['commander', 'zod', 'execa', 'marked', 'yaml']) {
    assert.match(licences, new RegExp(`^${name} \\d.*\\n\\n[\\s\\S]{0,400}?[Cc]opyright`, 'm'));
  }
});

test.run();
