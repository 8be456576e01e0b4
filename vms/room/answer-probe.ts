/**
 * A program of its own: connects to `host port` until the app there answers a request, at most
 * `deadlineMs`. Exit code 0: it answered. It is run beside the machines, where their addresses are.
 */
import net from 'node:net';

const [host = '', port = '', deadlineMs = ''] = process.argv.slice(2);

function ask(): void {
  const socket = net.connect({ host, port: Number(port) });
  const again = setTimeout(() => socket.destroy(), 1_000);
  socket.on('connect', () => socket.write(`GET /status HTTP/1.0\r\nHost: ${host}\r\n\r\n`));
  socket.on('data', () => process.exit(0));
  socket.on('error', () => undefined); // 'close' follows
  socket.on('close', () => {
    clearTimeout(again);
    setTimeout(ask, 20);
  });
}

setTimeout(() => process.exit(1), Number(deadlineMs));
ask();
