/** Every promise of the Provider contract. */
import { describe } from 'node:test';
import type { Provider, Readiness } from '../../../vms/provider.ts';
import { PROVIDERS } from '../../../vms/registry.ts';
import { testEnds, testKilledRuns } from './ends.ts';
import { testFailures } from './failures.ts';
import { testHub } from './hub-programs.ts';
import { testLifecycle } from './lifecycle.ts';

export function testProvider(title: string, provider: Provider, state: Readiness): void {
  const skip = state.ready ? false : `${provider.name}: ${state.reason}`;
  describe(`provider ${title}`, { skip }, () => {
    testLifecycle(provider);
    testFailures(provider);
    testHub(provider);
    testEnds(provider);
    // Another process finds providers by name.
    if (PROVIDERS.includes(provider)) testKilledRuns(provider);
  });
}
