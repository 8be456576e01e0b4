/** Pages without a browser: what the server sends, as text. For a computer that has no browser. */
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { PageRecord } from '../harness/history.ts';
import type { Viewer } from '../harness/run/look.ts';
import type { Language } from '../harness/text.ts';

const LIMIT_MS = 20_000;

/** Every visit is a connection of its own; screenshots there are none. */
export function plainViewer(language: Language): Viewer {
  return { visit: (visitor, url) => visit(visitor, new URL(url), language) };
}

type PageSeen = Omit<PageRecord, 'kind' | 'at'>;

async function visit(visitor: string, url: URL, language: Language): Promise<PageSeen> {
  const answer = await ask(url, language);
  const [machine, version] = [header(answer, 'machine'), header(answer, 'version')];
  return {
    visitor,
    url: url.href,
    status: answer.statusCode ?? 0,
    reason: answer.statusMessage ?? '',
    text: visibleText(await text(answer)),
    ...(machine !== undefined && { machine }),
    ...(version !== undefined && { version }),
  };
}

/** Names under `localhost` are this computer, whatever its resolver says; as in a browser. */
function ask(url: URL, language: Language): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { host: url.host, accept: 'text/html', 'accept-language': language };
    const hostname = url.hostname.endsWith('localhost') ? '127.0.0.1' : url.hostname;
    const path = `${url.pathname}${url.search}`;
    const signal = AbortSignal.timeout(LIMIT_MS);
    const sent = request({ hostname, port: url.port, path, headers, signal, agent: false });
    sent.on('error', reject);
    sent.on('response', resolve);
    sent.end();
  });
}

function header({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[`x-relais-${name}`];
  return typeof value === 'string' ? value : value?.[0];
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** Of a page as simple as the sample app's: its words, white space folded. */
export function visibleText(html: string): string {
  const words = html
    .replace(/<(head|script|style)\b.*?<\/\1>/gis, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(amp|lt|gt|quot);/g, (_, name: string) => entities[name] ?? '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
  return words.replace(/\s+/gu, ' ').trim();
}
