/** The process of the peer @fastify/http-proxy: `node fastify-http-proxy-server.js ADDRESS BACKEND`. */
import fastifyProxy from '@fastify/http-proxy';
import fastify from 'fastify';

const [address = '', backend] = process.argv.slice(2);
const [host = '', port] = address.split(':');
const server = fastify();
await server.register(fastifyProxy, {
  upstream: `http://${backend}`,
  undici: { connections: 256, pipelining: 1 },
  replyOptions: {
    rewriteRequestHeaders: (request, headers) => ({
      ...headers,
      'x-forwarded-for': request.socket.remoteAddress ?? '',
    }),
  },
});
await server.listen({ host, port: Number(port) });
