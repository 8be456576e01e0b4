/**
 * Makes an address of this system swallow connects. A listener whose accept queue is full drops
 * every SYN that arrives: the client waits as if nobody were there. (Linux; the queue keeps a
 * connection until it is accepted, even one that its client has closed since.)
 */
import net from 'node:net';
import { MachineError } from '../errors.ts';
import { type Endpoint, startProgram } from '../programs/detached-program.ts';
import type { ProcessIdentity } from '../programs/process-identity.ts';

const AT_ONCE = 64;
/** No queue is longer than net.core.somaxconn, 4,096 by default. */
const MOST_CONNECTS = 20_000;
const CONNECTS_WITHIN_MS = 200;

/** A `sleep` that inherits a listening socket and never accepts; resolves when it swallows. */
export async function occupySilently(
  address: Endpoint,
  title: string,
  env: Readonly<Record<string, string>>,
  logFile: string,
): Promise<ProcessIdentity> {
  const argv = ['sleep', 'infinity'];
  const sockets = [address];
  const started = await startProgram({ title, argv, env, logFile, sockets, backlog: 1 });
  await fillQueue(address);
  return started.process;
}

/** Connects until none of a whole batch is answered. The listener must not be accepting. */
export async function fillQueue(address: Endpoint): Promise<void> {
  for (let made = 0; made < MOST_CONNECTS; made += AT_ONCE) {
    const outcomes = await Promise.all(Array.from({ length: AT_ONCE }, () => connectOnce(address)));
    if (outcomes.includes('refused')) break;
    if (outcomes.every(outcome => outcome === 'silent')) return;
  }
  throw new MachineError(
    'VM_COMMAND_FAILED',
    `${address.host}:${address.port} cannot be made silent: its queue does not fill.`,
  );
}

function connectOnce(address: Endpoint): Promise<'connected' | 'silent' | 'refused'> {
  return new Promise(resolve => {
    const socket = net.connect(address);
    const settle = (outcome: 'connected' | 'silent' | 'refused') => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    // On a busy machine the timer may be due before a connection is seen that came long ago:
    // look once more, in the turn after.
    const timer = setTimeout(() => setImmediate(() => settle('silent')), CONNECTS_WITHIN_MS);
    socket.on('connect', () => settle('connected'));
    socket.on('error', () => settle('refused'));
  });
}
