// `npm run build`: src/ to dist/, bundled, since loading sixty small files takes as long as reading a host of two thousand processes.
// Checks no types (`npm run typecheck` does).
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile, type Plugin } from 'esbuild';

const root = fileURLToPath(new URL('.', import.meta.url));
const dist = join(root, 'dist');

/** Loaded from node_modules: koffi, node-pty and xterm are optional, two of them native; blessed finds its own files beside itself. */
const EXTERNAL = ['koffi', '@lydell/node-pty', '@xterm/headless', 'blessed', 'blessed-contrib'];

/**
 * esbuild puts what a set of entries has in common into a file of that set's own, and each `import()` is an entry: dozens of files for one
 * command. Whatever is loaded by `import()` is loaded by a program that has main.ts loaded already; told so, all that main.ts needs is of one set.
 */
const oneCore: Plugin = {
  name: 'one core',
  setup(plugin) {
    plugin.onResolve({ filter: /^\.\.?\// }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (kind !== 'dynamic-import' || pluginData === 'asked') return null;
      const found = await plugin.resolve(path, { kind, importer, resolveDir, pluginData: 'asked' });
      return { ...found, suffix: '', pluginData: 'dynamic' };
    });
    plugin.onLoad({ filter: /\.ts$/ }, ({ path, pluginData }) =>
      pluginData === 'dynamic'
        ? {
            contents: `import ${JSON.stringify(join(root, 'src/commands/main.ts'))};\n${readFileSync(path, 'utf8')}`,
            loader: 'ts',
          }
        : null,
    );
  },
};

rmSync(dist, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  // main.ts is named so that cli.js, the one file that lies higher, holds nothing but itself: `../../` leads from dist/X/ to where it leads from src/X/.
  entryPoints: ['src/cli.ts', 'src/commands/main.ts', 'src/host/worker.ts'],
  outbase: 'src',
  outdir: 'dist',
  chunkNames: 'parts/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: EXTERNAL,
  // What CommonJS packages expect to be there: `require` for Node's own modules, and the names of their file (write-file-atomic).
  banner: {
    js: [
      "import { createRequire as bannerRequireOf } from 'node:module';",
      "import { fileURLToPath as bannerPathOf } from 'node:url';",
      'const require = bannerRequireOf(import.meta.url);',
      'const __filename = bannerPathOf(import.meta.url);',
      "const __dirname = bannerPathOf(new URL('.', import.meta.url));",
    ].join('\n'),
  },
  legalComments: 'none',
  metafile: true,
  plugins: [oneCore],
  logLevel: 'warning',
});
writeFileSync(join(dist, 'LICENSES.txt'), licencesOf(metafile));

/** The licences of the packages whose code is in dist/. */
function licencesOf({ inputs }: Metafile): string {
  const folders = new Set(
    Object.keys(inputs).flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  );
  return [...folders].sort().map(licenceOf).join('\n');
}

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  };
  const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${folder} has no licence file`);
  return `${name} ${version} (${license ?? 'see below'})\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}\n`;
}
