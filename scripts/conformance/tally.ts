/** What was found about one proxy, and the table that compares several. */
import type { Verdict } from '../../test/conformance/http1/verdict.ts';

export interface Finding {
  readonly side: 'requests' | 'answers';
  readonly category: string;
  readonly name: string;
  readonly section: string;
  readonly verdict: Verdict;
}

export interface PeerFindings {
  readonly peer: string;
  readonly findings: readonly Finding[];
  /** How often the process ended in the middle of a case. */
  readonly crashes: number;
}

type Kind = Verdict['kind'];

function count(findings: readonly Finding[], kind: Kind): number {
  return findings.filter(({ verdict }) => verdict.kind === kind).length;
}

function cell(findings: readonly Finding[]): string {
  const passed = count(findings, 'pass');
  const safe = count(findings, 'safe');
  return `${passed}/${findings.length}${safe > 0 ? ` + ${safe} safe` : ''}`;
}

/** `Host 3, chunks 12`: how many cases of each category failed. */
function failedCategories(findings: readonly Finding[]): string {
  const failed = new Map<string, number>();
  for (const { category, verdict } of findings) {
    if (verdict.kind === 'fail') failed.set(category, (failed.get(category) ?? 0) + 1);
  }
  const sorted = [...failed].sort((a, b) => b[1] - a[1]);
  return sorted.map(([category, number]) => `${category} ${number}`).join(', ') || 'none';
}

export function table(peers: readonly PeerFindings[]): string {
  const rows = peers.map(({ peer, findings, crashes }) => [
    peer,
    cell(findings.filter(({ side }) => side === 'requests')),
    cell(findings.filter(({ side }) => side === 'answers')),
    String(crashes),
    failedCategories(findings),
  ]);
  const header = ['proxy', 'requests passed', 'answers passed', 'crashes', 'failed'];
  const lines = [header, header.map(() => '---'), ...rows];
  return lines.map(row => `| ${row.join(' | ')} |`).join('\n');
}

/** One line for each case that did not pass. */
export function details({ peer, findings }: PeerFindings, kinds: readonly Kind[]): string {
  return findings
    .filter(({ verdict }) => kinds.includes(verdict.kind))
    .map(({ side, category, name, section, verdict }) =>
      [peer, verdict.kind, side, category, `${name} (${section})`, verdict.why].join(' | '),
    )
    .join('\n');
}
