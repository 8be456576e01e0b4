/**
 * Many clients that ask once and then stay connected in silence: `node idle-clients.js HOST PORT
 * HOST-FIELD PATH COUNT`. Says `ready` when every one has its answer, and stays until it is ended.
 */
import { connect } from 'node:net';
import { AnswerReader } from './answer-reader.ts';

const [host = '', port, hostField = '', path = '', count] = process.argv.slice(2);
/** Opened at once: less than a listening queue holds. */
const AT_ONCE = 100;

function open(): Promise<void> {
  const reader = new AnswerReader();
  const socket = connect({ host, port: Number(port), noDelay: true });
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostField}\r\n\r\n`);
  return new Promise((resolve, reject) => {
    socket.on('data', bytes => {
      if (reader.read(bytes) === 'complete' && reader.status === 200) resolve();
      else if (reader.status !== 0 && reader.status !== 200) reject(new Error(`${reader.status}`));
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('a connection was closed')));
  });
}

for (let opened = 0; opened < Number(count); opened += AT_ONCE) {
  await Promise.all(Array.from({ length: AT_ONCE }, open));
}
console.log('ready');
