// One file out of a program of the tests and all that it imports: it starts in a fraction of the time that tsx needs, where it is started
// hundreds of times. Not a test.
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { tempDir } from './temp.ts';

/** What the packages in a bundle expect to be there; as in build.ts. */
const BANNER = [
  "import { createRequire as bannerRequireOf } from 'node:module';",
  "import { fileURLToPath as bannerPathOf } from 'node:url';",
  'const require = bannerRequireOf(import.meta.url);',
  'const __filename = bannerPathOf(import.meta.url);',
  "const __dirname = bannerPathOf(new URL('.', import.meta.url));",
].join('\n');

const built = new Map<string, Promise<string>>();

/**
 * The path of the bundle of a TypeScript program, made once and gone with this process. A program that looks for files beside itself does not
 * find them there: it must be told where they are.
 */
export function bundled(program: string): Promise<string> {
  const known = built.get(program) ?? make(program);
  built.set(program, known);
  return known;
}

async function make(program: string): Promise<string> {
  const dir = tempDir('bundle-');
  const outfile = join(dir, `${basename(program, '.ts')}.mjs`);
  await build({
    entryPoints: [program],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: ['koffi', 'blessed', 'blessed-contrib'],
    banner: { js: BANNER },
    logLevel: 'warning',
  });
  return outfile;
}
