/** Requests that one may have to wait long for, by name, as text for people. Pure. */
import type { Holder, HolderReport } from '../command/holders.ts';
import type { Reply } from '../command/replies.ts';
import { bytes } from './show-metrics.ts';
import { formatTable } from './table.ts';

/** '' when nothing takes long. */
export function showHolders({ named, long }: HolderReport): string {
  if (named.length === 0) return '';
  const more = long - named.length;
  return `${formatTable(named.map(row))}${more > 0 ? `  and ${more} more\n` : ''}`;
}

/** Of a `processing` reply of a drain or a stop. */
export function showWaiting({ content }: Reply): string {
  const { holders } = (content ?? {}) as { readonly holders?: HolderReport };
  return holders === undefined ? '' : showHolders(holders);
}

function row({ kind, method, host, path, client, ageMs, bytesIn, bytesOut }: Holder): string[] {
  return [
    `  ${kind}`,
    `${method} ${host}${path}`,
    `from ${client}`,
    `for ${age(ageMs)}`,
    `${bytes(bytesOut)} sent`,
    `${bytes(bytesIn)} received`,
  ];
}

/** 0:07, 12:30, 1:02:03. */
function age(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map(part => String(part));
  const [minutes = '', rest = ''] = parts;
  const hours = Math.floor(seconds / 3600);
  const end = rest.padStart(2, '0');
  return hours === 0 ? `${minutes}:${end}` : `${hours}:${minutes.padStart(2, '0')}:${end}`;
}
