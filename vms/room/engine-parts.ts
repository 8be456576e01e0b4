/**
 * What a room has that is no process of this computer: containers, virtual machines, bridges. Its
 * provider knows how to list and destroy it, from nothing but the room's folder.
 */
import { dockerParts } from '../docker/parts.ts';
import type { ProviderName } from '../provider.ts';
import { vagrantParts } from '../vagrant/parts.ts';

export interface EngineParts {
  /** One line for each, for whoever is asked whether to remove it. */
  describe(folder: string): Promise<readonly string[]>;
  /** Destroys all of it, whatever a killed run may have left half made. What is gone is fine. */
  remove(folder: string): Promise<void>;
}

const NONE: EngineParts = {
  describe: async () => [],
  remove: async () => undefined,
};

const PARTS: Readonly<Record<ProviderName, EngineParts>> = {
  netns: NONE,
  process: NONE,
  vagrant: vagrantParts,
  docker: dockerParts,
};

/** Of a lease that names no provider we know, nothing can be told. */
export function enginePartsOf(provider: ProviderName | undefined): EngineParts {
  return (provider === undefined ? undefined : PARTS[provider]) ?? NONE;
}
