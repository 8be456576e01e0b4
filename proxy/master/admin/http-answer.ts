/** Writes answers of the admin API: JSON with a status, and nothing that a cache may keep. */
import type { ServerResponse } from 'node:http';

export const jsonHeaders: Readonly<Record<string, string>> = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

export interface JsonAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export function answerJson(response: ServerResponse, answer: JsonAnswer): void {
  if (response.headersSent || response.destroyed) return;
  const text = `${JSON.stringify(answer.body)}\n`;
  response.writeHead(answer.status, {
    ...jsonHeaders,
    'content-length': Buffer.byteLength(text),
    ...answer.headers,
  });
  response.end(text);
}

/** In the shape that the command socket has for failures. */
export function failure(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): JsonAnswer {
  return { status, body: { status: 'failure', message }, headers };
}
