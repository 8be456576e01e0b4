/**
 * All backends of a chaos run in one process, which leaves the computer to the proxy: `node backend.js
 * NAME…` with an IPC channel. Each has a port of its own; none ever fails by itself.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { bodyOf } from '../../bench/backends/nginx.ts';
import { now } from '../../bench/load/pacer.ts';
import type { BackendQuestion, BackendReport } from './report.ts';

/** A slow answer comes in so many pieces. */
const PIECES = 20;

const posted = new Map<string, number>();
const activity: Record<string, { active: number; lastEndedAt: number }> = {};

function begins(name: string): void {
  activity[name] = { active: 0, lastEndedAt: 0, ...activity[name] };
  activity[name].active++;
}

function ends(name: string): void {
  const own = activity[name];
  if (own === undefined) return;
  own.active--;
  own.lastEndedAt = now();
}

function tell(report: BackendReport): void {
  if (process.connected) process.send?.(report);
}

/** Says whose answer it is and to which request, and of a POST what arrived. */
function answer(name: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://chaos');
  const id = pathname.slice(1);
  if (searchParams.has('ms')) {
    void answerSlowly(name, searchParams, response);
  } else if (request.method === 'POST') {
    posted.set(id, (posted.get(id) ?? 0) + 1);
    const hash = createHash('sha1');
    let bytes = 0;
    request.on('data', (part: Buffer) => {
      bytes += part.length;
      hash.update(part);
    });
    request.on('end', () =>
      give(name, response, `${name} ${id} ${bytes} ${hash.digest('hex').slice(0, 8)}`),
    );
  } else give(name, response, `${name} ${id}`);
}

function give(name: string, response: ServerResponse, body: string): void {
  response.writeHead(200, { 'Content-Length': body.length, 'X-Backend': name }).end(body);
}

async function answerSlowly(
  name: string,
  parameters: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  const body = bodyOf(Number(parameters.get('bytes')));
  const pieceMs = Number(parameters.get('ms')) / PIECES;
  const size = Math.ceil(body.length / PIECES);
  response.writeHead(200, { 'Content-Length': body.length, 'X-Backend': name });
  for (let at = 0; at < body.length && !response.destroyed; at += size) {
    response.write(body.slice(at, at + size));
    await new Promise(resolve => setTimeout(resolve, pieceMs));
  }
  response.end();
}

async function open(name: string): Promise<[name: string, address: string]> {
  const server = createServer((request, response) => {
    request.on('error', () => {});
    response.on('error', () => {});
    begins(name);
    response.once('close', () => ends(name));
    answer(name, request, response);
  });
  server.keepAliveTimeout = 120_000;
  server.requestTimeout = 0;
  talk(name, server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', 4_096, resolve));
  return [name, `127.0.0.1:${(server.address() as AddressInfo).port}`];
}

function talk(name: string, server: Server): void {
  const sockets = new WebSocketServer({ server });
  sockets.on('headers', headers => headers.push(`X-Backend: ${name}`));
  sockets.on('connection', socket => {
    socket.on('message', data => socket.send(data));
    socket.on('error', () => {});
    begins(name);
    socket.on('close', () => ends(name));
  });
}

process.on('message', ({ ask }: BackendQuestion) => {
  if (ask === 'activity') {
    tell({ kind: 'activity', activity });
    return;
  }
  const repeated = [...posted].filter(([, times]) => times > 1).map(([id]) => id);
  posted.clear();
  tell({ kind: 'repeated', repeated });
});
process.on('disconnect', () => process.exit(0));
const opened = await Promise.all(process.argv.slice(2).map(open));
tell({ kind: 'listening', addresses: Object.fromEntries(opened) });
