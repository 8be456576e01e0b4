/** The table of providers, and which one is best here. */
import { docker } from './docker/provider.ts';
import { MachineError } from './errors.ts';
import { didYouMean } from './names.ts';
import { netns } from './netns/provider.ts';
import { HERE } from './platform.ts';
import { addressesOn } from './process/addresses.ts';
import { processProvider } from './process/provider.ts';
import type { Provider, RoomOptions } from './provider.ts';
import { DRIVEN_ENGINES } from './vagrant/choose-engine.ts';
import { vagrant, vagrantProvider } from './vagrant/provider.ts';

/** Best first. */
const BY_DEFAULT: readonly Provider[] = [netns, processProvider(addressesOn(HERE))];

/** The others are slow, or need more than this kit brings: they are taken on request only. */
export const PROVIDERS: readonly Provider[] = [...BY_DEFAULT, vagrant, docker];

/** What may be named for Vagrant to drive. */
export const ENGINES: readonly string[] = DRIVEN_ENGINES;

/** `how`: what Vagrant shall drive, and from which box. Throws VM_UNKNOWN with the nearest name. */
export function providerNamed(
  name: string,
  how: Pick<RoomOptions, 'engine' | 'box'> = {},
): Provider {
  if (name === vagrant.name && Object.keys(how).length > 0) return vagrantProvider(how);
  const found = PROVIDERS.find(provider => provider.name === name);
  if (found !== undefined) return found;
  const known = PROVIDERS.map(provider => provider.name);
  throw new MachineError(
    'VM_UNKNOWN',
    `No machines of the kind "${name}".${didYouMean(name, known)} Known: ${known.join(', ')}.`,
  );
}

/** The first provider that works here; throws VM_PROVIDER_UNREADY with every reason. */
export async function bestProvider(): Promise<Provider> {
  const reasons: string[] = [];
  for (const provider of BY_DEFAULT) {
    const readiness = await provider.probe();
    if (readiness.ready) return provider;
    reasons.push(`${provider.name}: ${readiness.reason}. ${readiness.fix}`);
  }
  throw new MachineError('VM_PROVIDER_UNREADY', `No machines can be made. ${reasons.join(' ')}`);
}
