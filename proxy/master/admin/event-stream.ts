/**
 * Events as a stream of server-sent events (WHATWG HTML §9.2). A client that comes back names the
 * last event it has seen and gets what it missed, as far as it is kept.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ProxyEvent } from '../../command/events.ts';
import type { Asker, CommandHandler } from '../command-socket/command-session.ts';
import type { Origin } from './origin.ts';

const HEARTBEAT_MS = 15_000;
const MAX_UNREAD_BYTES = 1024 * 1024;

export async function streamEvents(
  handle: CommandHandler,
  request: IncomingMessage,
  response: ServerResponse,
  origin: Origin,
): Promise<void> {
  const seen = lastSeen(request);
  const kept: ProxyEvent[] = [];
  let live = false;
  const asker: Asker = {
    origin,
    dryRun: false,
    reply: ({ status, message, content }) => {
      if (status === 'failure') response.end(`event: end\ndata: ${JSON.stringify(message)}\n\n`);
      else if (live) send(response, eventText(content as ProxyEvent));
      else kept.push(content as ProxyEvent);
    },
    onClose: then => response.once('close', then),
    unread: () => response.writableLength,
  };
  await handle({ kind: 'subscribe-events' }, asker);
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  send(response, `retry: 1000\n\n${lostText(kept, seen)}`);
  for (const event of missed(kept, seen)) send(response, eventText(event));
  live = true;
  const heartbeat = setInterval(() => send(response, ':\n\n'), HEARTBEAT_MS);
  response.once('close', () => clearInterval(heartbeat));
}

function lastSeen({ headers }: IncomingMessage): number {
  const text = headers['last-event-id'];
  return typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : 0;
}

/** Numbers begin again with the main process: one from before says nothing about these events. */
function missed(kept: readonly ProxyEvent[], seen: number): readonly ProxyEvent[] {
  const newest = kept.at(-1)?.seq ?? 0;
  return seen > newest ? kept : kept.filter(({ seq }) => seq > seen);
}

function lostText(kept: readonly ProxyEvent[], seen: number): string {
  const lost = (kept[0]?.seq ?? 0) - seen - 1;
  return seen > 0 && lost > 0 ? `event: lost\ndata: ${lost}\n\n` : '';
}

/** JSON has no line breaks, so one `data` line holds it. */
function eventText(event: ProxyEvent): string {
  return `id: ${event.seq}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`;
}

function send(response: ServerResponse, text: string): void {
  if (response.destroyed || response.writableEnded) return;
  if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
  else response.write(text);
}
