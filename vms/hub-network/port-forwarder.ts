/**
 * A program of its own: the forwarded port of one machine. Its listening socket is descriptor 3,
 * opened outside; it runs inside the hub, connects to `ip port` for each client, and passes bytes
 * both ways. When the machine refuses, is unreachable or breaks off, so is the client: by a reset.
 */
import net from 'node:net';

const LISTENER_FD = 3;
const [host = '', port = ''] = process.argv.slice(2);

/** Reads stop while the other side cannot take more, and one side may end before the other. */
function join(client: net.Socket): void {
  const machine = net.connect({ host, port: Number(port), allowHalfOpen: true, noDelay: true });
  client.pipe(machine);
  machine.pipe(client);
  breakWith(client, machine);
  breakWith(machine, client);
}

/** A close that was no end on both sides is a break: the peer hears of it at once. */
function breakWith(one: net.Socket, other: net.Socket): void {
  one.on('error', () => undefined); // 'close' follows
  one.on('close', broken => {
    if (!broken && one.readableEnded) return;
    // A reset that is asked for before the connection stands would wait for it.
    if (other.connecting) other.destroy();
    else other.resetAndDestroy();
  });
}

const server = net.createServer({ allowHalfOpen: true, noDelay: true }, join);
server.listen({ fd: LISTENER_FD });
