/** Bundles the sample app to one file: a machine needs Node and that file, never `npm install`. */
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '../..');

await build({
  entryPoints: [path.join(root, 'sample-app/main.ts')],
  outfile: path.join(root, 'dist/hello-earth.cjs'),
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
});
