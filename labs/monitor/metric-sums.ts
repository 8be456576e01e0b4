/** Metrics as text, added up over their labels, and shown as a page. Pure. */
import { escapeMarkup } from '../report/markup.ts';

/** Lines of the Prometheus text format: `name{labels} value`; comments and buckets are left out. */
export function sumsOf(text: string): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name = '', value] = /^([a-zA-Z_:][\w:]*)(?:\{.*\})? (\S+)/.exec(line) ?? [];
    const number = Number(value);
    if (name === '' || name.endsWith('_bucket') || !Number.isFinite(number)) continue;
    sums.set(name, (sums.get(name) ?? 0) + number);
  }
  return sums;
}

export function renderSums(
  sums: ReadonlyMap<string, number>,
  scrapes: number,
  problem: string,
): string {
  const rows = [...sums]
    .filter(([name]) => name.includes('http_') || name.endsWith('connections'))
    .map(([name, value]) => `<tr><td>${escapeMarkup(name)}</td><td>${value}</td></tr>`);
  const trouble = problem === '' ? '' : `<p>${escapeMarkup(problem)}</p>`;
  return `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Metrics</title>
    <style>body { font-family: monospace; font-size: 18px; } td { padding-right: 2em; }</style>
  </head>
  <body>
    <h1>Stand-in for Prometheus</h1>
    <p>asked for /metrics ${scrapes} times</p>
    ${trouble}
    <table>${rows.join('\n')}</table>
  </body>
</html>
`;
}
