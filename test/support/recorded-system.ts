/** A computer that was written down: its files, its programs and what they say. */

import { catalogue } from '../../labs/catalogue/catalogue.ts';
import type { Deeds, Wanted } from '../../labs/doctor/gather/gather.ts';
import type { Answer, System } from '../../labs/doctor/system.ts';
import type { Readiness } from '../../vms/provider.ts';
import { PROVIDERS } from '../../vms/registry.ts';

export interface Recording
  extends Partial<Omit<System, 'env' | 'read' | 'list' | 'exists' | 'run'>> {
  readonly env?: System['env'];
  /** Text by path. A folder is there, and lists its names, when a file is in it. */
  readonly files?: Readonly<Record<string, string>>;
  /** What a program says, by its whole command line; a program is on the PATH when it says anything. */
  readonly said?: Readonly<Record<string, string | Answer>>;
}

const GIB = 1024 ** 3;

export function recordedSystem({ files = {}, said = {}, ...rest }: Recording): System {
  const paths = Object.keys(files);
  return {
    platform: 'linux',
    env: { PATH: '/usr/bin', LANG: 'en_GB.UTF-8', TERM: 'xterm' },
    node: { version: '20.19.5', arch: 'x64' },
    arch: 'x64',
    release: '6.1.0',
    processors: 4,
    memory: { total: 16 * GIB, free: 8 * GIB, limit: 0 },
    isRoot: false,
    userName: 'lea',
    hostName: 'lea-laptop',
    userHome: '/home/lea',
    terminal: { isTerminal: true, columns: 100 },
    kitFolder: '/home/lea/relais',
    canOpen: file => file in files,
    writeProblem: () => undefined,
    diskFree: () => 50 * GIB,
    program: name =>
      Object.keys(said).some(line => line.split(' ')[0] === name) ? name : undefined,
    canListen: async () => true,
    holderOf: async () => undefined,
    ...rest,
    read: file => files[file],
    exists: file => paths.some(path => path === file || path.startsWith(`${file}/`)),
    list: folder => [
      ...new Set(
        paths
          .filter(path => path.startsWith(`${folder}/`))
          .map(path => path.slice(folder.length + 1).split('/')[0] ?? ''),
      ),
    ],
    run: async argv => {
      const answer = said[argv.join(' ')];
      if (typeof answer !== 'string') return answer;
      return { exitCode: 0, stdout: answer, stderr: '' };
    },
  };
}

const CHEAP: readonly string[] = ['netns', 'process'];

/** Everything works that was not written down otherwise; Vagrant and Docker are not there. */
export function recordedDeeds(
  readiness: Readonly<Partial<Record<string, Readiness>>> = {},
  deeds: Partial<Deeds> = {},
): Deeds {
  return {
    candidates: PROVIDERS.map(provider => {
      const { name } = provider;
      const told = readiness[name] ?? { ready: CHEAP.includes(name), reason: 'no', fix: 'none' };
      return { name, provider: { ...provider, probe: async () => told } };
    }),
    labs: catalogue,
    findBrowser: async () => ({
      found: true,
      executablePath: '/usr/bin/chromium',
      name: 'Chromium',
      version: '156.0',
      source: 'installed',
    }),
    tryMachine: async () => ({ outcome: 'works', tookMs: 300 }),
    tryProxy: async () => ({ outcome: 'works', tookMs: 300 }),
    tryBrowser: async () => ({ outcome: 'works', tookMs: 300 }),
    missingPackages: async () => [],
    leftOvers: async () => [],
    ...deeds,
  };
}

export const wanted: Wanted = {
  kit: '0.1.0',
  home: '/home/lea/relais/.lab',
  instance: 0,
  tried: [],
  browser: true,
};
