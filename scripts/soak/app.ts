/** One backend of the soak: says whose answer it is, can be told to misbehave, reports every POST. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

/** How the app behaves from now on. */
export interface AppMood {
  readonly delayMs: number;
  /** Share of 500s, 0 to 1. */
  readonly errors: number;
  /** Close idle connections this soon. */
  readonly keepAliveMs: number;
}

export type AppReport =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'acted'; readonly id: string };

const name = process.argv[2] ?? 'app';
const wantedPort = Number(process.argv[3] ?? 0);
let mood: AppMood = { delayMs: 0, errors: 0, keepAliveMs: 30_000 };

function tell(report: AppReport): void {
  if (process.connected) process.send?.(report);
}

function answer(request: IncomingMessage, response: ServerResponse, digest: string): void {
  const id = String(request.headers['x-soak-id'] ?? '');
  const size = Number(new URL(request.url ?? '/', 'http://soak').searchParams.get('size') ?? 0);
  const isError = Math.random() < mood.errors;
  const body = isError ? `<${id}></${id}>` : `<${id}>${digest}${'x'.repeat(size)}</${id}>`;
  response.writeHead(isError ? 500 : 200, {
    'X-Soak-Id': id,
    'X-Soak-Backend': name,
    // Without a length Node sends chunks.
    ...(size % 2 === 0 ? { 'Content-Length': String(body.length) } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

const server = createServer((request, response) => {
  const hash = createHash('sha256');
  request.on('data', (bytes: Buffer) => hash.update(bytes));
  request.on('end', () => {
    if (request.method === 'POST') {
      tell({ kind: 'acted', id: String(request.headers['x-soak-id'] ?? '') });
    }
    setTimeout(() => answer(request, response, hash.digest('hex')), mood.delayMs);
  });
  request.on('error', () => {});
  response.on('error', () => {});
});

new WebSocketServer({ server }).on('connection', socket => {
  socket.on('message', data => socket.send(data));
  socket.on('error', () => {});
});

process.on('message', (next: AppMood) => {
  mood = next;
  server.keepAliveTimeout = next.keepAliveMs;
});
process.on('disconnect', () => process.exit(0));
server.listen(wantedPort, '127.0.0.1', () =>
  tell({ kind: 'listening', port: (server.address() as AddressInfo).port }),
);
