/**
 * Many clients that take their time: `node slow-clients.js HOST PORT HOST-FIELD PATH COUNT`. A third
 * sends its head, a third its body a byte per second, a third asks for a long answer and reads none
 * of it. Those that are shut out come back. Says `ready` when all are at it.
 */
import { connect, type Socket } from 'node:net';

const [host = '', port, hostField = '', path = '', count] = process.argv.slice(2);
const HEAD = `GET ${path} HTTP/1.1\r\nHost: ${hostField}\r\n`;
const BODY = `POST ${path} HTTP/1.1\r\nHost: ${hostField}\r\nContent-Length: 100000\r\n\r\n`;

const trickling = new Set<Socket>();
let arrived = 0;

function visit(kind: number): void {
  const socket = connect({ host, port: Number(port) });
  socket.on('error', () => {});
  socket.on('connect', () => {
    if (++arrived === Number(count)) console.log('ready');
    if (kind === 2) {
      socket.pause();
      socket.write(`${HEAD}\r\n`);
      return;
    }
    socket.write(kind === 0 ? `${HEAD}X-Slow: ` : BODY);
    socket.resume();
    trickling.add(socket);
  });
  socket.on('close', () => {
    trickling.delete(socket);
    setTimeout(() => visit(kind), 1_000);
  });
}

for (let n = 0; n < Number(count); n++) visit(n % 3);

/** A tenth of them every tenth of a second: no bursts. */
let turn = 0;
setInterval(() => {
  turn = (turn + 1) % 10;
  let n = 0;
  for (const socket of trickling) if (n++ % 10 === turn) socket.write('x');
}, 100);
