import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { after, describe, it } from 'node:test';
import { fillQueue } from '../../../vms/process/silent-address.ts';
import { openListeningSocket } from '../../../vms/programs/inherited-socket.ts';

const skip = process.platform === 'linux' ? false : 'only Linux drops connects to a full queue';

describe('fillQueue', { skip }, () => {
  it('makes an address silent, although this process is too busy to look', async () => {
    const { fd, host, port, close } = openListeningSocket('127.0.0.1', 0, 511);
    const holder = spawn('sleep', ['1000'], { stdio: ['ignore', 'ignore', 'ignore', fd] });
    close();
    after(() => holder.kill('SIGKILL'));
    const filling = fillQueue({ host, port });
    // The first connects are under way and done soon; we look only after their time is up.
    const end = performance.now() + 400;
    while (performance.now() < end);
    await filling;
    const client = net.connect(port, host);
    const connected = once(client, 'connect').then(() => 'connected');
    const silent = new Promise(resolve => setTimeout(resolve, 1_500, 'silent'));
    const seen = await Promise.race([connected, silent]);
    client.destroy();
    assert.equal(seen, 'silent');
  });
});
