import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bestProvider, PROVIDERS, providerNamed } from '../../vms/registry.ts';
import { rejectsWith } from '../support/machine-errors.ts';

describe('providerNamed', () => {
  it('finds each provider', () => {
    for (const provider of PROVIDERS) assert.equal(providerNamed(provider.name), provider);
  });

  it('names the nearest one', () => {
    assert.throws(
      () => providerNamed('netsn'),
      rejectsWith('VM_UNKNOWN', /"netsn".*Did you mean "netns"\? Known: netns, process/),
    );
  });
});

describe('bestProvider', () => {
  it('is the first that works here', async () => {
    const ready = await Promise.all(PROVIDERS.map(provider => provider.probe()));
    assert.equal(await bestProvider(), PROVIDERS[ready.findIndex(state => state.ready)]);
  });
});
