/**
 * Metrics as text, in the two forms that Prometheus reads:
 *
 *     # TYPE relais_http_requests counter          OpenMetrics: family names have no _total,
 *     # HELP relais_http_requests Requests …       units are named, the end is marked
 *     relais_http_requests_total{listener="…"} 12
 *     # EOF
 *
 * The text comes in parts, so that whoever writes it can let others run in between.
 */
import type { HistogramSnapshot } from '../metrics/histogram.ts';
import type { MetricsDetail } from '../shared/metrics-detail.ts';
import { boundsSeconds, countsUpToBounds } from './histogram-bounds.ts';
import { familiesOf } from './metric-catalogue.ts';
import { familyName, type Labels, type MetricFamily, type Sample } from './metric-family.ts';
import type { MetricsView } from './metrics-view.ts';

export type MetricsFormat = 'openmetrics' | 'prometheus';

export const metricsContentType: Readonly<Record<MetricsFormat, string>> = {
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
};

/** Of one part; a line may go beyond it. */
const PART_CHARACTERS = 32 * 1024;

export function* metricsText(
  view: MetricsView,
  detail: MetricsDetail,
  format: MetricsFormat,
): Generator<string> {
  let part = '';
  for (const family of familiesOf(detail)) {
    part += headOf(family, format);
    for (const sample of family.samples(view)) {
      part += linesOf(family, sample);
      if (part.length < PART_CHARACTERS) continue;
      yield part;
      part = '';
    }
  }
  yield format === 'openmetrics' ? `${part}# EOF\n` : part;
}

function headOf(family: MetricFamily, format: MetricsFormat): string {
  const name = format === 'openmetrics' ? familyName(family) : sampleName(family);
  const unit = format === 'openmetrics' && family.unit ? `# UNIT ${name} ${family.unit}\n` : '';
  return `# TYPE ${name} ${family.type}\n${unit}# HELP ${name} ${family.help}\n`;
}

function sampleName(family: MetricFamily): string {
  const name = familyName(family);
  return family.type === 'counter' ? `${name}_total` : name;
}

function linesOf(family: MetricFamily, { labels, value }: Sample): string {
  if (typeof value === 'number') {
    return `${sampleName(family)}${braces(labels)} ${numberText(value)}\n`;
  }
  return histogramLines(familyName(family), labels, value);
}

function histogramLines(name: string, labels: Labels, histogram: HistogramSnapshot): string {
  const inner = labels.map(labelText);
  const counts = countsUpToBounds(histogram);
  let lines = '';
  for (const [index, bound] of boundsSeconds.entries()) {
    const all = [...inner, `le="${bound}"`].join(',');
    lines += `${name}_bucket{${all}} ${counts[index] ?? 0}\n`;
  }
  lines += `${name}_bucket{${[...inner, 'le="+Inf"'].join(',')}} ${histogram.count}\n`;
  lines += `${name}_count${braces(labels)} ${histogram.count}\n`;
  return `${lines}${name}_sum${braces(labels)} ${numberText(histogram.sumMs / 1000)}\n`;
}

function braces(labels: Labels): string {
  return labels.length === 0 ? '' : `{${labels.map(labelText).join(',')}}`;
}

function labelText([name, value]: Labels[number]): string {
  return `${name}="${escapeLabel(value)}"`;
}

/** Backslash, quote and line feed are the only characters with a meaning inside of the quotes. */
export function escapeLabel(value: string): string {
  return value.replace(/[\\"\n]/g, found => (found === '\n' ? '\\n' : `\\${found}`));
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}
