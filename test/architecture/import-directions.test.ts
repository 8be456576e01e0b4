/** Who may import whom; Biome does not know ranks, so a test does. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

const root = path.resolve(import.meta.dirname, '../../..');
const areas = ['proxy', 'vms', 'sample-app', 'labs', 'scripts', 'test'];

const proxyRank: Readonly<Record<string, number>> = {
  shared: 0,
  http1: 1,
  routing: 1,
  balancing: 1,
  limits: 1,
  metrics: 1,
  command: 2,
  state: 2,
  config: 2,
  log: 2,
  telemetry: 3,
  net: 3,
  health: 3,
  worker: 4,
  master: 4,
  cli: 5,
};
/** Folders of equal rank never import each other, but for the vocabulary that these share. */
const sameRankAllowed = new Set([
  'state→command',
  'config→command',
  'log→command',
  'health→net',
  'balancing→metrics',
]);

const thirdParty: Readonly<Record<string, (file: string) => boolean>> = {
  zx: file => file.startsWith('scripts/'),
  chalk: file => /^(scripts|labs\/harness\/narrator|labs\/learn\/screen)\//.test(file),
  execa: file => !file.startsWith('scripts/'),
};

function sources(): string[] {
  return areas
    .filter(area => existsSync(path.join(root, area)))
    .flatMap(area =>
      readdirSync(path.join(root, area), { recursive: true, encoding: 'utf8' })
        .filter(file => file.endsWith('.ts'))
        .map(file => path.posix.join(area, file.split(path.sep).join('/'))),
    );
}

function importsOf(file: string): string[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(match => match[1] ?? '');
}

function areaProblem(from: string, to: string): string | undefined {
  const [fromArea = '', toArea = ''] = [from.split('/')[0], to.split('/')[0]];
  if (fromArea === toArea || fromArea === 'scripts' || fromArea === 'test') return undefined;
  if (fromArea === 'labs' && to === 'proxy/index.ts') return undefined;
  if (fromArea === 'labs' && /^vms\/[a-z-]+\.ts$/.test(to)) return undefined;
  return `${from} may not import ${to}`;
}

function rankProblem(from: string, to: string): string | undefined {
  if (!from.startsWith('proxy/') || !to.startsWith('proxy/')) return undefined;
  const [fromFolder, toFolder] = [from.split('/')[1] ?? '', to.split('/')[1] ?? ''];
  if (fromFolder === toFolder) return undefined;
  const [fromRank, toRank] = [proxyRank[fromFolder] ?? 5, proxyRank[toFolder] ?? 5];
  if (toRank < fromRank || fromRank === 5) return undefined;
  if (sameRankAllowed.has(`${fromFolder}→${toFolder}`)) return undefined;
  return `${from} (rank ${fromRank}) may not import ${to} (rank ${toRank})`;
}

function packageProblem(from: string, specifier: string): string | undefined {
  const allowed = thirdParty[specifier.split('/')[0] ?? ''];
  if (allowed === undefined || allowed(from) || from.startsWith('test/')) return undefined;
  return `${from} may not import ${specifier}`;
}

describe('import directions', () => {
  const files = sources();

  it('finds the sources', () => {
    assert.ok(files.length > 20, `only ${files.length} files`);
  });

  it('areas and ranks are respected', () => {
    const problems = files.flatMap(file =>
      importsOf(file).flatMap(specifier => {
        if (!specifier.startsWith('.')) return packageProblem(file, specifier) ?? [];
        const target = path.posix.join(path.posix.dirname(file), specifier);
        return areaProblem(file, target) ?? rankProblem(file, target) ?? [];
      }),
    );
    assert.deepEqual(problems, []);
  });

  it('no file name hides what it holds', () => {
    const vague = /\/(utils?|helpers?|common|misc|types|manager)\.ts$/;
    assert.deepEqual(
      files.filter(file => vague.test(file)),
      [],
    );
  });

  it('two files look at which system this is; the others are told', () => {
    const looking = files.filter(
      file =>
        /^(proxy|vms|labs|sample-app|scripts)\//.test(file) &&
        /process\.platform|\bos\.platform\(|\bplatform\b[^;=]*\} = process\b/.test(
          readFileSync(path.join(root, file), 'utf8'),
        ),
    );
    assert.deepEqual(looking.sort(), ['proxy/shared/platform.ts', 'vms/platform.ts']);
  });

  it('pure folders draw no random numbers of their own', () => {
    const pure = files.filter(file =>
      /^proxy\/(http1|routing|balancing|limits|metrics|state)\//.test(file),
    );
    const drawing = pure.filter(file =>
      readFileSync(path.join(root, file), 'utf8').includes('Math.random'),
    );
    assert.deepEqual(drawing, []);
  });
});
