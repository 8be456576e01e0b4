/** The table of providers, and which one is best here. */
import { MachineError } from './errors.ts';
import { didYouMean } from './names.ts';
import { netns } from './netns/provider.ts';
import { LOOPBACK_NETWORK, ONE_ADDRESS } from './process/addresses.ts';
import { processProvider } from './process/provider.ts';
import type { Provider } from './provider.ts';

/** Best first. */
export const PROVIDERS: readonly Provider[] = [
  netns,
  processProvider(process.platform === 'linux' ? LOOPBACK_NETWORK : ONE_ADDRESS),
];

/** Throws VM_UNKNOWN with the nearest name. */
export function providerNamed(name: string): Provider {
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
  for (const provider of PROVIDERS) {
    const readiness = await provider.probe();
    if (readiness.ready) return provider;
    reasons.push(`${provider.name}: ${readiness.reason}. ${readiness.fix}`);
  }
  throw new MachineError('VM_PROVIDER_UNREADY', `No machines can be made. ${reasons.join(' ')}`);
}
