/** A request on an open connection to a machine that is gone is answered by another machine. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { answerOf, RawBackend } from '../../support/raw-peer.ts';
import { SilentMachine } from '../../support/silent-machine.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
let machine: SilentMachine;
let other: RawBackend;
beforeEach(async () => {
  other = await RawBackend.answering(() => answerOf('other'));
});
afterEach(async () => {
  await test.stop();
  await machine.stop();
  await other.close();
});

const skip = process.platform !== 'linux' && 'only Linux drops a SYN when the backlog is full';

describe('a backend that vanishes behind an open connection', { skip }, () => {
  it('costs a GET some seconds, not an error', async () => {
    machine = await SilentMachine.start('first');
    test = await TestPlane.start({ backends: [machine.address] });
    const client = await test.client();
    client.send(get());
    await client.until('first');
    await machine.vanish();
    client.send(get());
    await test.reached('b0', 2);
    test.addBackend('other', other.address);
    await client.until('other');
    assert.deepEqual(
      test.events.filter(({ kind }) => kind === 'connect-failed').map(({ failure }) => failure),
      ['silent'],
    );
  });

  it('costs a POST a 502 long before the back timeout, and is never sent twice', async () => {
    machine = await SilentMachine.start('first');
    test = await TestPlane.start({ backends: [machine.address] });
    const client = await test.client();
    client.send(`POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 2\r\nX-Delay: 60000\r\n\r\nhi`);
    await test.reached('b0', 1);
    await machine.vanish();
    test.addBackend('other', other.address);
    await client.until('HTTP/1.1 502');
    assert.equal(other.requests.length, 0);
  });

  it('is not suspected when it is only slow', async () => {
    machine = await SilentMachine.start('slow');
    test = await TestPlane.start({ backends: [machine.address] });
    const answer = await test.ask(get('/', 'X-Delay: 2500\r\nConnection: close\r\n'));
    assert.match(answer, /^HTTP\/1.1 200 /);
    assert.ok(!test.kinds().includes('connect-failed'));
  });

  it('still gives up on a backend that accepts and never answers', async () => {
    machine = await SilentMachine.start('never');
    test = await TestPlane.start({
      backends: [machine.address],
      listener: { backTimeoutMs: 2200 },
    });
    const answer = await test.ask(get('/', 'X-Delay: 60000\r\nConnection: close\r\n'));
    assert.match(answer, /^HTTP\/1.1 504 /);
  });
});
