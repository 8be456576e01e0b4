/**
 * One raw TCP connect, told as JSON: what a client of this machine meets. A program of its own,
 * since it is run inside the lab's network: `node connect-probe.js HOST PORT LIMIT_MS`.
 */
import { connect } from 'node:net';

type Outcome = 'connected' | 'refused' | 'unreachable' | 'silent';

const outcomes: Readonly<Record<string, Outcome>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ETIMEDOUT: 'silent',
};

const [host = '', port, limitMs] = process.argv.slice(2);
const wellFormed = host !== '' && isWithin(port, 65_535) && isWithin(limitMs, 600_000);
if (wellFormed) warmUp(() => probe(host, Number(port), Number(limitMs)));
else refuse('usage: connect-probe HOST PORT LIMIT_MS');

function isWithin(text: string | undefined, highest: number): boolean {
  return /^\d+$/.test(text ?? '') && Number(text) >= 1 && Number(text) <= highest;
}

/** The first connect of a process loads code for some milliseconds; that is none of the machine's. */
function warmUp(then: () => void): void {
  const socket = connect({ host: '127.0.0.1', port: 1 });
  socket.on('error', () => socket.destroy());
  socket.on('connect', () => socket.destroy());
  socket.on('close', then);
}

function probe(address: string, portNumber: number, silentAfterMs: number): void {
  const startedAt = performance.now();
  const socket = connect({ host: address, port: portNumber });
  const tell = (outcome: Outcome): void => {
    const durationMs = Number((performance.now() - startedAt).toFixed(3));
    clearTimeout(limit);
    socket.destroy();
    process.stdout.write(`${JSON.stringify({ outcome, durationMs })}\n`);
  };
  const limit = setTimeout(tell, silentAfterMs, 'silent');
  socket.on('connect', () => tell('connected'));
  socket.on('error', (error: NodeJS.ErrnoException) => {
    const outcome = outcomes[error.code ?? ''];
    if (outcome !== undefined) return tell(outcome);
    clearTimeout(limit);
    return refuse(error.message);
  });
}

/** No outcome: the probe itself failed, which must not look like something the machine did. */
function refuse(reason: string): void {
  process.stderr.write(`${reason}\n`);
  process.exitCode = 2;
}
