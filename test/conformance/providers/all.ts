/** Every promise of the Provider contract. */
import { describe } from 'node:test';
import type { Provider, Readiness } from '../../../vms/provider.ts';
import { PROVIDERS } from '../../../vms/registry.ts';
import { testDeploy } from './deploy.ts';
import { testEnds, testKilledRuns } from './ends.ts';
import { testFailures } from './failures.ts';
import { testHub } from './hub-programs.ts';
import { testKnobs } from './knobs.ts';
import { testLifecycle } from './lifecycle.ts';

export interface SuiteOptions {
  /** vagrant: whoever opens a room in another process has to know. */
  readonly engine?: string;
  /** How many times longer than namespaces its machines take to come up; default 1. */
  readonly scale?: number;
  /** Machines take a minute to boot: tests share what they can put back; default false. */
  readonly shared?: boolean;
  /** How many groups of tests at a time, each in a room of its own; default 1. */
  readonly atOnce?: number;
}

export function testProvider(
  title: string,
  provider: Provider,
  state: Readiness,
  { engine, scale = 1, shared = false, atOnce = 1 }: SuiteOptions = {},
): void {
  const skip = state.ready ? false : `${provider.name}: ${state.reason}`;
  describe(`provider ${title}`, { skip, concurrency: atOnce }, () => {
    testLifecycle(provider);
    testDeploy(provider, shared);
    testKnobs(provider);
    testFailures(provider, shared);
    testHub(provider);
    testEnds(provider, shared);
    // Another process finds providers by name.
    const isNamed = PROVIDERS.includes(provider) || engine !== undefined;
    if (isNamed) testKilledRuns(provider, { engine, scale, shared });
  });
}
