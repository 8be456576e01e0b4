/** What every provider promises, tried on each that works here. */
import { netns } from '../../vms/netns/provider.ts';
import { ONE_ADDRESS } from '../../vms/process/addresses.ts';
import { processProvider } from '../../vms/process/provider.ts';
import { providerNamed } from '../../vms/registry.ts';
import { testProvider } from './providers/all.ts';

const candidates = [
  ['netns', netns],
  ['process', providerNamed('process')],
  ['process on one address', processProvider(ONE_ADDRESS)],
] as const;
for (const [title, provider] of candidates) {
  testProvider(title, provider, await provider.probe());
}
