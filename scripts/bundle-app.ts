/** Bundles each sample app to one file: a machine needs Node and that file, never `npm install`. */
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '../..');

await build({
  entryPoints: {
    'hello-earth': path.join(root, 'sample-app/main.ts'),
    'echo-app': path.join(root, 'sample-app/echo-main.ts'),
  },
  outdir: path.join(root, 'dist'),
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
});
