/** What of a lab is imitated, on each kind of machines. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { imitationOf } from '../../../../labs/harness/run/imitations.ts';
import { netns } from '../../../../vms/netns/provider.ts';
import { addressesOn } from '../../../../vms/process/addresses.ts';
import { capabilitiesWith } from '../../../../vms/process/fabric.ts';

describe('imitationOf', () => {
  it('a blackhole swallows connects on Linux, and only answers nothing elsewhere', () => {
    const on = (platform: 'linux' | 'darwin' | 'win32') => capabilitiesWith(addressesOn(platform));
    assert.match(imitationOf('blackhole', on('linux')) ?? '', /accept queue/);
    assert.equal(imitationOf('silent-connect', on('linux')), undefined);
    for (const platform of ['darwin', 'win32'] as const) {
      const how = imitationOf('silent-connect', on(platform)) ?? '';
      assert.match(how, /clients connect, then hear nothing/, platform);
    }
    assert.equal(imitationOf('silent-connect', netns.capabilities), undefined);
  });
});
