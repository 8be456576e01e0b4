/** The process of the peer http-proxy: `node http-proxy-server.js ADDRESS BACKEND`. */
import { Agent, createServer, ServerResponse } from 'node:http';
import httpProxy from 'http-proxy';

const [address = '', backend] = process.argv.slice(2);
const [host, port] = address.split(':');
const proxy = httpProxy.createProxyServer({
  target: `http://${backend}`,
  agent: new Agent({ keepAlive: true, maxSockets: 256 }),
  xfwd: true,
});
proxy.on('error', (_error, _request, response) => {
  if (response instanceof ServerResponse) response.writeHead(502).end();
});
createServer((request, response) => proxy.web(request, response)).listen(Number(port), host);
