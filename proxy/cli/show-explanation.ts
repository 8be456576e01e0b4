/** What `relais explain` found out, as text for people. Pure. */
import type { ExplainContent } from '../command/explanation.ts';
import type { Verdict } from '../routing/route-table.ts';
import { plural } from '../shared/plural.ts';
import { showBreaker } from './show.ts';
import { formatTable } from './table.ts';

const verdicts: Readonly<Record<Verdict, string>> = {
  serves: 'serves',
  'other-host': 'is for another host',
  'less-specific-host': 'a more specific host matches, and that one alone is asked',
  'other-path': 'the path does not match',
  'other-method': 'the method does not match',
  'too-late': 'matches, but a frontend before it serves',
};

export function showExplanation(content: ExplainContent): string {
  const { method, host, target, listener, denyRules } = content;
  return [
    `${method} ${target} for host ${host} on ${listener}\n`,
    ...denyRules.map(({ name, met }) => `deny rule ${name}: ${met ? 'met' : 'not met'}\n`),
    showFrontends(content),
    content.nearest === undefined ? '' : `nearest: ${content.nearest}\n`,
    showCluster(content),
  ]
    .filter(part => part !== '')
    .join('\n');
}

function showFrontends({ frontends, omitted, status }: ExplainContent): string {
  if (frontends.length + omitted === 0) return '';
  const rows = frontends.map(({ frontend, clusterId, verdict }) => [
    verdict === 'serves' ? '→' : '',
    frontend,
    clusterId ?? 'none: 401',
    verdict === 'serves' && status === 403 ? 'would serve' : verdicts[verdict],
  ]);
  const more = omitted === 0 ? '' : `and ${plural(omitted, 'frontend')} of other hosts\n`;
  return `${formatTable([['', 'frontend', 'cluster', 'verdict'], ...rows])}${more}`;
}

function showCluster({ cluster, backends }: ExplainContent): string {
  if (cluster === undefined) return '';
  const heading = [`cluster ${cluster.id}: ${cluster.loadBalancing}`, ...cluster.notes].join('; ');
  const rows = backends.map(each => [
    each.eligible ? '→' : '',
    each.backendId,
    each.address,
    String(each.weight),
    `${Math.round(each.sharePercent * 10) / 10} %`,
    each.checked ? (each.healthy ? 'healthy' : 'unhealthy') : 'not checked',
    showBreaker(each),
    each.reason,
  ]);
  const names = ['', 'backend', 'address', 'weight', 'share', 'health', 'breaker', 'verdict'];
  return `${heading}\n${rows.length === 0 ? 'it has no backends\n' : formatTable([names, ...rows])}`;
}
