import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { describe, it } from 'node:test';
import { openListeningSocket } from '../../../vms/programs/inherited-socket.ts';

describe('openListeningSocket', () => {
  it('says at once that a port is taken', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    assert.throws(() => openListeningSocket('127.0.0.1', port), { code: 'EADDRINUSE' });
    server.close();
  });

  it('says at once that an address is not ours', () => {
    assert.throws(() => openListeningSocket('192.0.2.77', 0), { code: 'EADDRNOTAVAIL' });
  });

  it('keeps connections for the program that inherits it', async () => {
    const { fd, port, close } = openListeningSocket('127.0.0.1', 0);
    const server = "require('net').createServer(s => s.end('heir')).listen({ fd: 3 })";
    const heir = spawn(process.execPath, ['-e', server], {
      stdio: ['ignore', 'ignore', 'ignore', fd],
    });
    close();
    // The heir has not even loaded its code: the connection waits in the queue.
    const socket = net.connect(port, '127.0.0.1');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    assert.equal(answer.toString(), 'heir');
    socket.destroy();
    heir.kill('SIGKILL');
    await once(heir, 'exit');
  });

  it('listens on IPv6', () => {
    const socket = openListeningSocket('::1', 0);
    assert.ok(socket.port > 0);
    socket.close();
  });
});
