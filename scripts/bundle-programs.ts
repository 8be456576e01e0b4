/**
 * Bundles programs, each to one file or a few: a machine needs Node and the sample app, never
 * `npm install`; and of a program of hundreds of files, finding them takes most of its start.
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';

const root = path.resolve(import.meta.dirname, '../..');
const bin = path.join(root, 'dist/bin');

const common: BuildOptions = {
  bundle: true,
  platform: 'node',
  logLevel: 'warning',
};

/** `import.meta.dirname` stays the folder of the file's own compiled form, wherever its bundle is. */
const keepFolders: Plugin = {
  name: 'keep folders',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
      const folder = path.relative(root, path.dirname(file)).split(path.sep).join('/');
      const source = await readFile(file, 'utf8');
      const compiled = `(import.meta.dirname + '/../${folder}')`;
      return { loader: 'ts', contents: source.replaceAll('import.meta.dirname', compiled) };
    });
  },
};

await build({
  ...common,
  entryPoints: {
    'hello-earth': path.join(root, 'sample-app/main.ts'),
    'echo-app': path.join(root, 'sample-app/echo-main.ts'),
  },
  outdir: path.dirname(bin),
  outExtension: { '.js': '.cjs' },
  // What Debian 12 has: the machines of boxes run it.
  target: 'node18',
  format: 'cjs',
});

const { metafile } = await build({
  ...common,
  entryPoints: {
    lab: path.join(root, 'labs/main.ts'),
    relais: path.join(root, 'proxy/main.ts'),
    'relais-worker': path.join(root, 'proxy/worker/worker.ts'),
  },
  outdir: bin,
  chunkNames: 'part-[hash]',
  splitting: true,
  target: 'node20',
  format: 'esm',
  plugins: [keepFolders],
  // They look for files beside their own.
  external: ['open', 'playwright'],
  metafile: true,
  // For dependencies that are CommonJS.
  banner: {
    js: "import { createRequire as requireOfBundle } from 'node:module'; const require = requireOfBundle(import.meta.url);",
  },
});
// Parts have their checksum in their name. Whoever runs now may still want those that did not change.
const made = new Set(Object.keys(metafile.outputs).map(file => path.basename(file)));
for (const file of await readdir(bin)) if (!made.has(file)) await rm(path.join(bin, file));
