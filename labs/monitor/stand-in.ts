/**
 * Stands in for Prometheus where it is not installed: reads the metrics of a proxy once a second and
 * shows the sum of each, on every path. A program of its own, since it runs inside the lab's
 * network: `node stand-in.js METRICS_URL TOKEN_FILE PORT`.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { renderSums, sumsOf } from './metric-sums.ts';

const EVERY_MS = 1_000;

const [url = '', tokenFile = '', port] = process.argv.slice(2);
const authorization = `Bearer ${readFileSync(tokenFile, 'utf8').trim()}`;
let scrapes = 0;
let sums: ReadonlyMap<string, number> = new Map();
let problem = 'not asked yet';

async function scrape(): Promise<void> {
  try {
    const answer = await fetch(url, { headers: { authorization, accept: 'text/plain' } });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    sums = sumsOf(text);
    scrapes += 1;
    problem = '';
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
}

async function scrapeForEver(): Promise<void> {
  for (;;) {
    await scrape();
    await new Promise(resolve => setTimeout(resolve, EVERY_MS));
  }
}

createServer((_request, response) => {
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.statusCode = scrapes === 0 ? 503 : 200;
  response.end(renderSums(sums, scrapes, problem));
}).listen(Number(port), '127.0.0.1');
void scrapeForEver();
