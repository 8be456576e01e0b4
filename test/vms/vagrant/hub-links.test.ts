import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bridgeWith, type Link, portOf } from '../../../vms/vagrant/hub-links.ts';

const LAB: Link = {
  ifname: 'virbr1',
  address: '52:54:00:a8:38:0a',
  addr_info: [{ local: '192.168.56.10' }],
};
const WIRE: Link = { ifname: 'vnet3', address: 'fe:54:00:a8:38:15', master: 'virbr1' };

describe('the wire of a machine', () => {
  it('has its hardware address', () => {
    assert.equal(portOf([LAB, WIRE], '192.168.56.21'), WIRE);
    assert.equal(portOf([LAB, WIRE], '192.168.56.22'), undefined);
  });

  it('is not the bridge that has taken that address over', () => {
    const silent: Link = { ifname: 'void0', address: 'fe:54:00:a8:38:15', addr_info: [] };
    const wire = { ...WIRE, master: 'void0' };
    assert.equal(portOf([LAB, silent, wire], '192.168.56.21'), wire);
  });
});

describe('the bridge of a lab', () => {
  it('has the address of the hub', () => {
    const lo: Link = { ifname: 'lo', addr_info: [{ local: '192.168.56.10' }] };
    assert.equal(bridgeWith([lo, WIRE, LAB], '192.168.56.10'), LAB);
  });
});
