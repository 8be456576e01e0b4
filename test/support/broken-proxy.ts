/**
 * A copy of the built proxy with one thing broken on purpose, to prove that the labs notice. The
 * break is an edit of one compiled line; an edit that finds nothing to change throws.
 */
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');

export interface Break {
  /** Compiled file below proxy/, for example `balancing/round-robin.js`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export interface BrokenProxy {
  /** The entry file to start instead of `dist/bin/relais.js`. */
  readonly entry: string;
  remove(): Promise<void>;
}

export async function breakProxy({ file, from, to }: Break): Promise<BrokenProxy> {
  const folder = await mkdtemp(path.join(tmpdir(), 'relais-broken-'));
  await cp(path.join(root, 'dist/proxy'), path.join(folder, 'dist/proxy'), {
    recursive: true,
    filter: name => !/\.(?:map|d\.ts)$/.test(name),
  });
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  await cp(path.join(root, 'package.json'), path.join(folder, 'package.json'));
  const target = path.join(folder, 'dist/proxy', file);
  const source = await readFile(target, 'utf8');
  if (source.split(from).length !== 2) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(`${file} does not hold exactly one \`${from}\`: the break has to be rewritten`);
  }
  await writeFile(
    target,
    source.replace(from, () => to),
  );
  return {
    entry: path.join(folder, 'dist/proxy/main.js'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
