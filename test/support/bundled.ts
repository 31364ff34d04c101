// One file out of a program of the tests and all that it imports: it starts in a fraction of the time that tsx needs, where it is started
// hundreds of times. Not a test.
import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** What the packages in a bundle expect to be there; as in build.ts. */
const BANNER = [
  "import { createRequire as bannerRequireOf } from 'node:module';",
  "import { fileURLToPath as bannerPathOf } from 'node:url';",
  'const require = bannerRequireOf(import.meta.url);',
  'const __filename = bannerPathOf(import.meta.url);',
  "const __dirname = bannerPathOf(new URL('.', import.meta.url));",
].join('\n');

const built = new Map<string, Promise<string>>();

/** Two levels below the project, as src/lesson/ is: what a program looks for beside its own file (lessons/) is found from there too. */
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url));

/** The path of the bundle of a TypeScript program, made once and gone with this process. */
export function bundled(program: string): Promise<string> {
  const known = built.get(program) ?? make(program);
  built.set(program, known);
  return known;
}

async function make(program: string): Promise<string> {
  const outfile = join(CACHE, `${basename(program, '.ts')}-${process.pid}.mjs`);
  process.once('exit', () => rmSync(outfile, { force: true }));
  await build({
    entryPoints: [program],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: ['koffi', '@lydell/node-pty', '@xterm/headless', 'blessed', 'blessed-contrib'],
    banner: { js: BANNER },
    logLevel: 'warning',
  });
  return outfile;
}
