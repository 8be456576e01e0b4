/** Stops HTTP servers without cutting a request: new connections are refused, those at work end first. */
import type { RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface StoppableServers {
  /** Counts the requests of a server; call it before the server listens. */
  watch(server: Server): void;
  /** Resolves when all is closed, with the number of requests that the deadline cut. */
  stop(deadlineMs: number): Promise<number>;
}

/**
 * `server.closeIdleConnections()` is not enough: it keeps connections on which nothing was ever
 * asked (browsers open such in advance), so the open sockets are counted here.
 */
export function createStoppableServers(): StoppableServers {
  const servers: Server[] = [];
  const pending = new Map<Socket, Set<ServerResponse>>();
  let stopping = false;

  const onRequest: RequestListener = (request, response) => {
    const { socket } = request;
    pending.get(socket)?.add(response);
    if (stopping) response.setHeader('Connection', 'close');
    response.once('close', () => {
      pending.get(socket)?.delete(response);
      if (stopping && pending.get(socket)?.size === 0) socket.end();
    });
  };

  return {
    watch(server) {
      servers.push(server);
      server.prependListener('request', onRequest);
      server.on('connection', socket => {
        pending.set(socket, new Set());
        socket.once('close', () => pending.delete(socket));
      });
    },
    async stop(deadlineMs) {
      stopping = true;
      const closed = Promise.all(
        servers.map(server => new Promise<void>(resolve => server.close(() => resolve()))),
      );
      for (const [socket, responses] of pending) {
        if (responses.size === 0) socket.destroy();
        for (const response of responses) {
          if (!response.headersSent) response.setHeader('Connection', 'close');
        }
      }
      let cut = 0;
      const deadline = setTimeout(() => {
        for (const responses of pending.values()) cut += responses.size;
        for (const server of servers) server.closeAllConnections();
      }, deadlineMs);
      await closed;
      clearTimeout(deadline);
      return cut;
    },
  };
}
