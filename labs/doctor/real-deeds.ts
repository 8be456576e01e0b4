/** What the doctor does on this computer, beside reading. */
import { missingTools, packagesFor } from '../../vms/debian-packages.ts';
import { ENGINES, PROVIDERS, providerNamed } from '../../vms/registry.ts';
import { findBrowser } from '../browser/find-browser.ts';
import { catalogue } from '../catalogue/catalogue.ts';
import type { Candidate, Deeds } from './gather/gather.ts';
import { gatherLeftOvers } from './gather/surroundings.ts';
import type { System } from './system.ts';
import { tryBrowser } from './trials/try-browser.ts';
import { tryDownloads } from './trials/try-downloads.ts';
import { tryMachine } from './trials/try-machine.ts';
import { tryProxy } from './trials/try-proxy.ts';

export interface Surroundings {
  readonly system: System;
  readonly home: string;
  readonly proxyEntry: string;
  /** May it ask the places of downloads whether they answer? */
  readonly online: boolean;
  readonly signal: AbortSignal;
}

export function realDeeds({ system, home, proxyEntry, online, signal }: Surroundings): Deeds {
  return {
    candidates: candidates(),
    labs: catalogue,
    findBrowser: () => findBrowser(system.env),
    tryMachine: provider => tryMachine(provider, signal),
    tryProxy: () => tryProxy(proxyEntry, signal),
    tryBrowser: executablePath => tryBrowser(executablePath, signal),
    missingPackages: async need => packagesFor(await missingTools(need)),
    leftOvers: () => gatherLeftOvers(home),
    ...(online && { tryDownloads: () => tryDownloads(system) }),
  };
}

export function candidates(): readonly Candidate[] {
  return PROVIDERS.flatMap((provider): readonly Candidate[] => {
    const { name } = provider;
    if (name !== 'vagrant') return [{ name, provider }];
    return ENGINES.map(engine => ({
      name: `${name} ${engine}`,
      provider: providerNamed(name, { engine }),
    }));
  });
}
