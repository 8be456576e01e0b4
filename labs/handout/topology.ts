/** A small drawing of a lab: who asks, the proxy, the machines. Names and addresses only, so it has no language. */
import { APP_PORT } from '../../vms/address-plan.ts';
import type { Lab } from '../harness/lab.ts';
import { escapeMarkup } from '../report/markup.ts';

const ROW = 44;
const MARGIN = 16;
const WIDTH = 640;

export function drawTopology(lab: Lab): string {
  const machines = Object.entries(lab.machines);
  const height = Math.max(3, machines.length) * ROW + 2 * MARGIN;
  const middle = height / 2;
  const rows = machines.map(([name, { ip, app }], index) => {
    const y = MARGIN + index * ROW + (ROW * Math.max(0, 3 - machines.length)) / 2;
    return machine(name, `${ip}:${APP_PORT} · ${app.version}`, y, middle);
  });
  const label = [...Object.keys(lab.visitors), 'Relais', ...machines.map(([name]) => name)];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escapeMarkup(label.join(', '))}" font-family="sans-serif" font-size="13">
<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>
${Object.keys(lab.visitors)
  .slice(0, 6)
  .map((name, index, all) => visitor(name, middle + (index - (all.length - 1) / 2) * 22, middle))
  .join('\n')}
${box(230, middle - 28, 130, 56, '#12283c')}
<text x="295" y="${middle - 2}" text-anchor="middle" fill="#ffffff" font-weight="bold">Relais</text>
<text x="295" y="${middle + 16}" text-anchor="middle" fill="#ffffff" font-size="11">localhost:9090</text>
${rows.join('\n')}
</svg>
`;
}

function visitor(name: string, y: number, middle: number): string {
  return `<text x="20" y="${y + 4}" fill="#12283c">${escapeMarkup(name)}</text>
<path d="M130 ${y}L230 ${middle}" stroke="#7a8896" fill="none"/>`;
}

function machine(name: string, about: string, y: number, middle: number): string {
  return `<path d="M360 ${middle}L430 ${y + ROW / 2}" stroke="#7a8896" fill="none"/>
${box(430, y + 3, 194, ROW - 6, '#eef5fb')}
<text x="442" y="${y + 19}" fill="#12283c" font-weight="bold">${escapeMarkup(name)}</text>
<text x="442" y="${y + 34}" fill="#12283c" font-size="11">${escapeMarkup(about)}</text>`;
}

function box(x: number, y: number, width: number, height: number, fill: string): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="${fill}" stroke="#12283c"/>`;
}
