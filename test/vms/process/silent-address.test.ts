import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { describe, it } from 'node:test';
import { fillQueue } from '../../../vms/process/silent-address.ts';
import { openListeningSocket } from '../../../vms/programs/inherited-socket.ts';

const skip = process.platform === 'linux' ? false : 'only Linux drops connects to a full queue';

describe('fillQueue', { skip }, () => {
  it('makes an address silent, although this process is too busy to look', async () => {
    const { fd, host, port, close } = openListeningSocket('127.0.0.1', 0, 511);
    const holder = spawn('sleep', ['1000'], { stdio: ['ignore', 'ignore', 'ignore', fd] });
    close();
    // Blocks the event loop for longer than a connect is waited for, again and again.
    const busy = setInterval(() => {
      const end = performance.now() + 250;
      while (performance.now() < end);
    }, 300);
    const stop = setTimeout(() => clearInterval(busy), 3_000);
    await fillQueue({ host, port });
    clearInterval(busy);
    clearTimeout(stop);
    const client = net.connect(port, host);
    const connected = once(client, 'connect').then(() => 'connected');
    const silent = new Promise(resolve => setTimeout(resolve, 1_500, 'silent'));
    assert.equal(await Promise.race([connected, silent]), 'silent');
    connected.catch(() => undefined);
    client.destroy();
    holder.kill('SIGKILL');
    await once(holder, 'exit');
  });
});
