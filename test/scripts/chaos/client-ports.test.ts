/** Whose connection is it: read from the kernel's tables. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { describe, it } from 'node:test';
import { clientPorts, clientPortsOf } from '../../../scripts/chaos/client-ports.ts';

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1 0 100 0 0 10 0
   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 12 1 0 20 4 30 10 -1
   2: 0100007F:1F90 0100007F:C351 01 00000000:00000000 00:00000000 00000000     0        0 13 1 0 20 4 30 10 -1
   3: 0100007F:1F91 0100007F:C352 01 00000000:00000000 00:00000000 00000000     0        0 14 1 0 20 4 30 10 -1
   4: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 15 1 0 20 4 30 10 -1
`;
const skip = process.platform !== 'linux' && 'needs /proc of Linux';

describe('the ports of clients', () => {
  it('are those of connections to the listener that the process holds', () => {
    const held = new Set(['11', '12', '14', '15']);
    assert.deepEqual(clientPorts(TABLE, 8080, held), [0xc350]);
    assert.deepEqual(clientPorts(TABLE, 8080, new Set(['12', '13'])), [0xc350, 0xc351]);
    assert.deepEqual(clientPorts(TABLE, 8080, new Set()), []);
  });

  it('are found for a process that lives', { skip }, async test => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const accepted = once(server, 'connection');
    const client = connect(port, '127.0.0.1');
    const [connection] = await accepted;
    test.after(() => {
      client.destroy();
      connection.destroy();
      server.close();
    });
    assert.deepEqual(await clientPortsOf(process.pid, port), [client.localPort]);
    assert.deepEqual(await clientPortsOf(process.ppid, port), []);
  });
});
