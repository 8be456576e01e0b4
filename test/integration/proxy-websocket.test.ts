/** A real browser opens a WebSocket through the proxy; the backend dies, and the page is told. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { WebSocketServer } from 'ws';
import { findBrowser } from '../../labs/browser/find-browser.ts';
import { type LaunchedBrowser, launchBrowser } from '../../labs/browser/launch.ts';
import { eventually } from '../support/eventually.ts';
import { LISTENER, TestPlane } from '../support/start-data-plane.ts';

const chosen = await findBrowser(process.env);
const skip = !chosen.found && `no browser: ${chosen.reason}; ${chosen.fix}`;
const executablePath = chosen.found ? chosen.executablePath : '';

/** The page says everything that happens to its socket, line by line. */
const PAGE = `<!doctype html><meta charset="utf-8"><title>chat</title><pre id="log"></pre><script>
  const say = line => { document.getElementById('log').textContent += line + '\\n'; };
  const socket = new WebSocket('ws://' + location.host + '/chat', 'relais.chat');
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => { say('open ' + socket.protocol); socket.send('hello é'); };
  socket.onmessage = ({ data }) => {
    say(typeof data === 'string' ? 'text ' + data : 'binary ' + data.byteLength);
    if (typeof data === 'string') socket.send(new Uint8Array(300_000));
  };
  socket.onclose = ({ code, wasClean }) => say('closed ' + code + ' ' + wasClean);
</script>`;

describe('WebSocket in a browser', { skip }, () => {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html').end(PAGE);
  });
  const sockets = new WebSocketServer({ server });
  let test: TestPlane;
  let launched: LaunchedBrowser;

  before(async () => {
    sockets.on('connection', socket => {
      socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    test = await TestPlane.start({ backends: [`127.0.0.1:${port}`] });
    const frontend = { listener: LISTENER, hostname: '127.0.0.1', path: '', clusterId: 'web' };
    test.apply({ kind: 'add-frontend', frontend });
    launched = await launchBrowser({ executablePath, headed: false, slowMs: 0 });
  });
  after(async () => {
    await launched.close();
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
    server.closeAllConnections();
    server.close();
    await test.stop();
  });

  it('opens, carries text and binary, and tells of the end', async () => {
    const page = await launched.browser.newPage();
    await page.goto(`http://127.0.0.1:${test.port}/`);
    const lines = async (): Promise<string[]> =>
      (await page.locator('#log').innerText()).split('\n').filter(line => line !== '');
    await eventually('all came back', async () => (await lines()).length === 3);
    assert.deepEqual(await lines(), ['open relais.chat', 'text hello é', 'binary 300000']);
    assert.equal(test.plane.counters.tunnels, 1);
    // As a machine that loses its application: no close frame, the connection just ends.
    for (const socket of sockets.clients) socket.terminate();
    await eventually('the page knows', async () => (await lines())[3] === 'closed 1006 false');
    await eventually('the tunnel is gone', () => test.plane.counters.tunnels === 0);
    await page.close();
  });
});
