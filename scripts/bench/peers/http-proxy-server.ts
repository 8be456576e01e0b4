/** The process of the peer http-proxy: `node http-proxy-server.js PORT BACKEND_PORT`. */
import { Agent, createServer, ServerResponse } from 'node:http';
import httpProxy from 'http-proxy';

const [port, backendPort] = process.argv.slice(2).map(Number);
const proxy = httpProxy.createProxyServer({
  target: `http://127.0.0.1:${backendPort}`,
  agent: new Agent({ keepAlive: true, maxSockets: 256 }),
  xfwd: true,
});
proxy.on('error', (_error, _request, response) => {
  if (response instanceof ServerResponse) response.writeHead(502).end();
});
createServer((request, response) => proxy.web(request, response)).listen(port, '127.0.0.1');
