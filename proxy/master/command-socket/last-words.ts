/**
 * Says why, then closes. Whoever is still writing when a socket is closed gets EPIPE and may never
 * read what was said: so what comes is thrown away until the other side has ended, or time is up.
 */
import type { Socket } from 'node:net';

const PARTING_MS = 1_000;

/** The socket is closed at the latest a second later, whether its client has read that or not. */
export function lastWords(socket: Socket, text: string): void {
  socket.removeAllListeners('data');
  socket.on('error', () => socket.destroy());
  const timer = setTimeout(() => socket.destroy(), PARTING_MS);
  socket.once('close', () => clearTimeout(timer));
  socket.end(text);
  socket.resume();
}
