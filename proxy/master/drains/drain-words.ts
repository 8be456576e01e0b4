/** A drain in words: what is in progress, what was cut, how it ended. Pure. */
import {
  type CutReport,
  type HolderCounts,
  type HolderKind,
  totalOf,
} from '../../command/holders.ts';
import { plural } from '../../shared/plural.ts';

/** The order in which they are told: what may take long comes first. */
const KINDS: readonly HolderKind[] = ['tunnel', 'download', 'upload', 'request'];

/** `1 tunnel, 2 downloads`; '' for none. */
export function describeCounts(counts: HolderCounts): string {
  return KINDS.filter(kind => counts[kind] > 0)
    .map(kind => plural(counts[kind], kind))
    .join(', ');
}

export function describeProgress(counts: HolderCounts): string {
  const total = totalOf(counts);
  return total === 0 ? 'nothing in progress' : `${total} in progress: ${describeCounts(counts)}`;
}

/** '' when nothing was. */
export function describeCut({ counts, moved }: CutReport): string {
  const cut = totalOf(counts) === 0 ? '' : `cut ${describeCounts(counts)}`;
  const asked = moved === 0 ? '' : `${plural(moved, 'request')} went to another backend instead`;
  return [cut, asked].filter(part => part !== '').join('; ');
}

/** 0.3 s, 12 s, 3 min. */
export function describeTime(ms: number): string {
  if (ms >= 120_000) return `${Math.round(ms / 60_000)} min`;
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}
