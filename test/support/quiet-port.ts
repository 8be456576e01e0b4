/** A port that nobody has, for the rare test that has to know it before anybody listens there. */
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the range that the kernel takes ports for port 0 and for clients from. */
const FIRST = 12_000;
const COUNT = 18_000;

export async function quietPort(...besides: readonly number[]): Promise<number> {
  for (let step = 0; step < 100; step += 1) {
    const port = FIRST + ((process.pid * 37 + step) % COUNT);
    if (!besides.includes(port) && (await isFree(port))) return port;
  }
  throw new Error('a hundred ports are taken');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
