/** Backend for long bodies: `node bulk-backend.js HOST PORT`. `GET /BYTES` gives so many bytes; a POST is counted. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';

const [host, port] = process.argv.slice(2);
const CHUNK = Buffer.alloc(65_536, 'Relais ');

function* chunks(total: number): Generator<Buffer> {
  for (let left = total; left > 0; left -= CHUNK.length) yield CHUNK.subarray(0, left);
}

function count(request: IncomingMessage, response: ServerResponse): void {
  let size = 0;
  request.on('data', (part: Buffer) => {
    size += part.length;
  });
  request.on('end', () => response.end(String(size)));
}

function give(request: IncomingMessage, response: ServerResponse): void {
  const total = Number(request.url?.slice(1));
  response.setHeader('content-length', total);
  Readable.from(chunks(total), { highWaterMark: 4 }).pipe(response);
}

const server = createServer((request, response) => {
  if (request.method === 'POST') count(request, response);
  else give(request, response);
});
server.requestTimeout = 0;
server.listen(Number(port), host);
