/** Messages and sockets between two processes that are not parent and child. */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { statSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import path from 'node:path';
import { describe, it } from 'node:test';
import {
  connectHandles,
  type HandleMessage,
  serveHandles,
} from '../../../proxy/net/socket/handle-pipe.ts';
import type { SocketHandle } from '../../../proxy/net/socket/wire.ts';
import { eventually } from '../../support/eventually.ts';
import { makeFolder } from '../../support/start-proxy.ts';

const giver = path.resolve(import.meta.dirname, '../../support/handle-giver.js');

function greets(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    connect(port, '127.0.0.1').setEncoding('utf8').once('data', resolve).once('error', reject);
  });
}

function listenOn(handle: SocketHandle): Promise<Server> {
  const server = createServer(socket => socket.end('from the heir'));
  return new Promise(resolve => {
    server.listen(handle as object, () => resolve(server));
  });
}

describe('a handle pipe', { skip: process.platform === 'win32' ? 'no hand-over' : false }, () => {
  it('carries messages of any size and sockets, each beside its message', async test => {
    const folder = await makeFolder(test);
    const place = path.join(folder, 'sock');
    const child = fork(giver, [place]);
    test.after(() => child.kill('SIGKILL'));
    await new Promise(resolve => child.once('message', resolve));
    assert.equal(statSync(place).mode & 0o777, 0o600);

    const pipe = await connectHandles(place);
    test.after(() => pipe.close());
    const received: { message: HandleMessage; handle: SocketHandle | undefined }[] = [];
    let isEnded = false;
    pipe.user = {
      onMessage: (message, handle, arrived) => {
        received.push({ message, handle });
        if (handle !== undefined) arrived();
      },
      onEnd: () => {
        isEnded = true;
      },
    };
    pipe.send({ type: 'give', sockets: 300, text: 'é'.repeat(200_000) });
    await eventually('all is here', () => received.at(-1)?.message['type'] === 'end');
    const [echo] = received;
    assert.equal(echo?.message['text'], 'é'.repeat(200_000));
    const sockets = received.filter(({ handle }) => handle !== undefined);
    assert.deepEqual(
      sockets.map(({ message }) => message['index']),
      Array.from({ length: 300 }, (_, index) => index),
    );
    for (const { handle } of sockets.slice(1)) handle?.close();
    const first = sockets[0]?.handle;
    assert.ok(first !== undefined);
    const server = await listenOn(first);
    test.after(() => server.close());
    child.kill('SIGKILL');
    await eventually('the end is told', () => isEnded);
    assert.equal(await greets(Number(sockets[0]?.message['port'])), 'from the heir');
  });

  it('tells the sender of a message that the other side was gone before it', async test => {
    const folder = await makeFolder(test);
    const place = path.join(folder, 'sock');
    const server = await serveHandles(place, other => {
      other.user = { onEnd: () => {}, onMessage: () => other.close() };
    });
    test.after(() => server.close());
    const pipe = await connectHandles(place);
    const outcomes: boolean[] = [];
    const sayMore = (): void => {
      pipe.send({ type: 'more' }, undefined, arrived => {
        outcomes.push(arrived);
        if (arrived) sayMore();
      });
    };
    sayMore();
    await eventually('a message does not arrive', () => outcomes.at(-1) === false, 5_000);
  });

  it('ends what talks nonsense, and says when nobody is there', async test => {
    const folder = await makeFolder(test);
    const place = path.join(folder, 'sock');
    await assert.rejects(connectHandles(place), /no process hands sockets over on/);
    let ends = 0;
    const server = await serveHandles(place, pipe => {
      pipe.user = { onMessage: () => {}, onEnd: () => (ends += 1) };
    });
    test.after(() => server.close());
    for (const nonsense of ['{\n', '17\n', 'x']) {
      const socket = connect(place);
      socket.end(nonsense);
      socket.on('error', () => {});
    }
    await eventually('all three are ended', () => ends === 3);
  });
});
