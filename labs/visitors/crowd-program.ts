/**
 * Keeps a crowd until nobody is left. It listens on a socket of its own: who sends a number gives
 * the crowd that size, and hears how it fares, as JSON: `node crowd-program.js URL FROM SOCKET`.
 */
import { createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { socketEndpoint } from '../../proxy/index.ts';
import { Crowd } from './crowd.ts';

/** By then whoever is still without an answer waits at the door. */
const SETTLED_MS = 400;
const LOOK_AGAIN_MS = 20;
/** Those who have just been told something are still to be reported. */
const LEAVE_AFTER_MS = 2_000;

const [url = '', from = '', socketPath = ''] = process.argv.slice(2);
let leaving: NodeJS.Timeout | undefined;
const crowd = new Crowd({ url: new URL(url), from }, endWhenEmpty);
const server = createServer(asker => {
  asker.setEncoding('utf8');
  asker.on('error', () => asker.destroy());
  asker.once('data', (text: string) => void answer(asker, text.trim()));
});
server.listen(socketEndpoint(socketPath));
process.on('SIGTERM', end);

async function answer(asker: Socket, people: string): Promise<void> {
  if (/^\d+$/.test(people)) {
    clearTimeout(leaving);
    crowd.resize(Number(people));
    await settled();
  }
  asker.end(`${JSON.stringify(crowd.report())}\n`);
  endWhenEmpty();
}

async function settled(): Promise<void> {
  const deadline = performance.now() + SETTLED_MS;
  while (crowd.report().waiting > 0 && performance.now() < deadline) await delay(LOOK_AGAIN_MS);
}

function endWhenEmpty(): void {
  const { inside, waiting } = crowd.report();
  if (inside + waiting > 0) return;
  clearTimeout(leaving);
  leaving = setTimeout(end, LEAVE_AFTER_MS);
}

/** The server removes its socket when it closes. */
function end(): void {
  server.close();
  process.exit(0);
}
