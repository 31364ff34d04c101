// The house's walls: over all import lines of src, who knows whom. And the checker itself, on made-up lines that it must refuse.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import glob from 'fast-glob';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { faultsOf, importsOf } from './support/layers.ts';

const SRC = fileURLToPath(new URL('../src', import.meta.url));
const HEAD = '// Does one thing, and says so.\n';

const checker = suite('checker of the walls');

/** [file below src, line, what the fault must say; null where there must be none] */
const LINES: readonly (readonly [string, string, RegExp | null])[] = [
  ['kernel/proc/stat.ts', "import { x } from '../../text/errors.ts';", null],
  ['kernel/proc/stat.ts', "import { x } from '../reading.ts';", null],
  ['kernel/proc/stat.ts', "import { x } from '../../model/types.ts';", /kernel may not know model/],
  ['text/wrap.ts', "import type { X } from '../kernel/reading.ts';", /text may not know kernel/],
  ['model/tree.ts', "import { x } from '../host/scan.ts';", /model may not know host/],
  ['model/tree.ts', "import type { X } from '../host/scan.ts';", /model may not know host/],
  ['model/tree.ts', "import { x } from '../oci/config.ts';", null],
  ['host/scan.ts', "import { x } from '../lab/ledger.ts';", /host may not know lab/],
  ['lab/ledger.ts', "import { x } from '../lesson/run.ts';", /lab may not know lesson/],
  ['lab/ledger.ts', "import { x } from '../kernel/namespaces.ts';", null],
  ['lesson/run.ts', "import { x } from '../app/state.ts';", /lesson may not know app/],
  ['app/state.ts', "import type { X } from '../lesson/types.ts';", null],
  ['app/state.ts', "import { x } from '../lesson/run.ts';", /app may know lesson by import type alone/],
  ['app/state.ts', "import { type X } from '../lesson/run.ts';", /app may know lesson by import type alone/],
  ['app/state.ts', "import { x } from '../view/pane.ts';", /app may not know view/],
  ['view/pane.ts', "import { x } from '../app/state.ts';", null],
  ['view/pane.ts', "import { x } from '../host/scan.ts';", /view may know host by import type alone/],
  ['ui/loop.ts', "import { x } from '../view/pane.ts';", null],
  ['ui/loop.ts', "import { x } from '../host/scan.ts';", /ui may know host by import type alone/],
  ['ui/loop.ts', "import { x } from '../commands/ns.ts';", /nobody knows commands but cli\.ts/],
  ['commands/ns.ts', "import { x } from '../ui/loop.ts';", null],
  ['commands/ns.ts', "import { x } from '../cli.ts';", /commands may not know cli\.ts/],
  ['cli.ts', "const { run } = await import('./commands/ns.ts');", null],
  ['host/exec.ts', "import { execa } from 'execa';", null],
  ['host/exec.ts', "const { execa } = await import('execa');", null],
  ['host/scan.ts', "import { execa } from 'execa';", /only host\/exec\.ts imports execa/],
  ['lab/run.ts', "const { execa } = await import('execa');", /only host\/exec\.ts imports execa/],
  ['ui/screen.ts', "import blessed from 'blessed';", null],
  ['ui/gauge.ts', "import x from 'blessed-contrib/lib/widget/sparkline.js';", null],
  ['view/pane.ts', "import blessed from 'blessed';", /only ui\/ imports blessed/],
  ['view/pane.ts', "import type { Widgets } from 'blessed';", /only ui\/ imports blessed/],
  [
    'commands/learn.ts',
    "import x from 'blessed-contrib/lib/widget/sparkline.js';",
    /only ui\/ imports blessed/,
  ],
  ['text/markdown.ts', "import { lexer } from 'marked';", null],
  ['lesson/prose.ts', "import { lexer } from 'marked';", null],
  ['text/wrap.ts', "import { lexer } from 'marked';", /only text\/markdown\.ts and lesson\/ import marked/],
  ['host/ioctl.ts', "import koffi from 'koffi';", null],
  ['lab/ioctl.ts', "import koffi from 'koffi';", /only host\/ imports koffi/],
  ['ui/pty.ts', "const { spawn } = await import('@lydell/node-pty');", null],
  ['host/pty.ts', "import { spawn } from '@lydell/node-pty';", /only ui\/ imports node-pty and xterm/],
  [
    'view/cells.ts',
    "import type { IBuffer } from '@xterm/headless';",
    /only ui\/ imports node-pty and xterm/,
  ],
  ['model/x.ts', "import { readFileSync } from 'node:fs';", /touch files and sockets/],
  ['ui/x.ts', "import { readFile } from 'node:fs/promises';", /touch files and sockets/],
  ['ui/x.ts', "import { connect } from 'net';", /touch files and sockets/],
  ['view/x.ts', "import { request } from 'node:http';", /touch files and sockets/],
  ['lab/x.ts', "import { mkdirSync } from 'node:fs';", null],
  ['app/x.ts', "import { inspect } from 'node:util';", null],
  ['app/x.ts', "import { hostname } from 'node:os';", /app is pure/],
  ['ui/x.ts', "import { ReadStream } from 'node:tty';", null],
  ['app/x.ts', "export { x } from '../ui/loop.ts';", /app may not know ui/],
  ['app/x.ts', "export * from '../ui/loop.ts';", /app may not know ui/],
  ['app/x.ts', "import '../ui/loop.ts';", /app may not know ui/],
  ['app/x.ts', "import {\n  a,\n  b,\n} from '../ui/loop.ts';", /x\.ts:2: import \{ a, b, \} from/],
  ['app/x.ts', "const x = require('../ui/loop.ts');", /app may not know ui/],
  ['app/x.ts', 'const x = await import(name);', /must be written out/],
  ['app/x.ts', "import x from '../../package.json';", /nothing from outside src/],
  ['app/x.ts', "// import { x } from '../ui/loop.ts';", null],
  ['attic/x.ts', '', /no wing of the house is called attic/],
  ['ui/x.ts', 'process.exit(1);', /x\.ts:2: process\.exit\(1\); — only cli\.ts ends the process/],
  ['cli.ts', 'process.exit(1);', null],
  ['ui/x.ts', 'process.exitCode = 1;', null],
  ['ui/x.ts', '// never process.exit() here', null],
];

for (const [path, line, fault] of LINES) {
  checker(`${fault === null ? 'lets pass' : 'refuses'} ${path}: ${line.replace(/\s+/g, ' ')}`, () => {
    const faults = faultsOf(path, `${HEAD}${line}\n`);
    if (fault === null) assert.equal(faults, []);
    else assert.match(faults.join('\n'), fault);
  });
}

checker('the first line says what the file does', () => {
  assert.match(
    faultsOf('text/x.ts', 'export const x = 1;\n').join(),
    /text\/x\.ts:1: .* the first line must be/,
  );
  assert.match(faultsOf('text/x.ts', '// x\n').join(), /the first line must be/);
  assert.match(faultsOf('text/x.ts', `#!/usr/bin/env node\n${HEAD}`).join(), /the first line must be/);
  assert.equal(faultsOf('cli.ts', `#!/usr/bin/env node\n${HEAD}`), []);
});

checker('imports are found with their lines and kinds', () => {
  const source = [
    "import a, { b } from './a.ts';",
    "import type { C } from './c.ts';",
    "export type { D } from './d.ts';",
    "type E = typeof import('./e.ts');",
    "import type from './f.ts';",
    "const from = 'not an import';",
  ].join('\n');
  assert.equal(
    importsOf(source).map(({ line, from, type }) => [line, from, type]),
    [
      [1, './a.ts', false],
      [2, './c.ts', true],
      [3, './d.ts', true],
      [4, './e.ts', true],
      [5, './f.ts', false],
    ],
  );
});

checker.run();

const house = suite('walls of the house');

house('every file of src keeps the rules', async () => {
  const files = (await glob('**/*.ts', { cwd: SRC, ignore: ['**/*.d.ts'] })).sort();
  assert.ok(files.includes('text/errors.ts'), 'the sources are found');
  const faults = files.flatMap((file) => faultsOf(file, readFileSync(`${SRC}/${file}`, 'utf8')));
  assert.is(faults.length, 0, `\n${faults.join('\n')}`);
});

house.run();
