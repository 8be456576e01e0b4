import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hasSockets, listensOn } from '../../../vms/programs/listening-table.ts';

// As /proc/net/tcp prints it: a listener on 192.168.56.21:8080, a connection from there to port
// 80, a listener on 0.0.0.0:22.
const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 1538A8C0:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   1: 1538A8C0:C350 1638A8C0:0050 01 00000000:00000000 00:00000000 00000000     0        0 2 1
   2: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 3 1
`;

describe('listensOn', () => {
  it('finds a listener by address and port', () => {
    assert.equal(listensOn(TABLE, '192.168.56.21', 8080), true);
    assert.equal(listensOn(TABLE, '192.168.56.22', 8080), false);
    assert.equal(listensOn(TABLE, '192.168.56.21', 8081), false);
  });

  it('counts listeners on all addresses, not connections', () => {
    assert.equal(listensOn(TABLE, '192.168.56.21', 22), true);
    assert.equal(listensOn(TABLE, '192.168.56.21', 50_000), false);
  });
});

describe('hasSockets', () => {
  const stat = (count: string) =>
    `sockets: used 7\nTCP: inuse ${count} orphan 0 tw 5 alloc 1\nUDP: inuse 0\n`;

  it('tells a network in which nobody can listen', () => {
    assert.equal(hasSockets(stat('0')), false);
    assert.equal(hasSockets(stat('10')), true);
  });

  it('does not know without the line', () => assert.equal(hasSockets('UDP: inuse 0\n'), true));
});
