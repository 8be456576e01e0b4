/**
 * The app of a machine that is going to fail: says which machine it is. One file without imports of
 * ours, as machines want it; told where to listen by HOST, PORT and inherited sockets (LISTEN_FDS).
 */
import { createServer, type RequestListener } from 'node:http';

const { HOST, PORT, LISTEN_FDS, MACHINE } = process.env;

const answer: RequestListener = (_request, response) => {
  const body = `${MACHINE}\n`;
  response.writeHead(200, { 'Content-Length': body.length }).end(body);
};

function listen(where: object): void {
  const server = createServer(answer);
  server.keepAliveTimeout = 60_000;
  server.listen(where);
}

listen({ host: HOST, port: Number(PORT) });
for (let n = 0; n < Number(LISTEN_FDS ?? 0); n++) listen({ fd: 3 + n });
