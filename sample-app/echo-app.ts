/** The app of the blue-green example: which colour the proxy named, and which machine answers. */
import type { RequestListener } from 'node:http';
import { escapeHtml } from './page.ts';

export interface EchoIdentity {
  readonly machine: string;
  /** The second version answers in HTML. */
  readonly html: boolean;
}

/** `blue webapp1`, or as a heading; `unknown` when no proxy names a colour. Every path is the same. */
export function createEchoApp({ machine, html }: EchoIdentity): RequestListener {
  return (request, response) => {
    const color = String(request.headers['color'] ?? 'unknown');
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Relais-Machine', machine);
    response.setHeader('Content-Type', `text/${html ? 'html' : 'plain'}; charset=utf-8`);
    const page = `\n<h1>${escapeHtml(machine)} (${escapeHtml(color)})</h1>\n`;
    response.end(html ? page : `${color} ${machine}\n`);
  };
}
