/** The metrics that every listener, cluster, version and backend has alike. */
import { answersOfClass, type TrafficSnapshot } from '../metrics/traffic.ts';
import type { MetricsDetail } from '../shared/metrics-detail.ts';
import type { Labels, MetricFamily, Sample } from './metric-family.ts';
import type { MetricsView } from './metrics-view.ts';

const classes = [1, 2, 3, 4, 5] as const;

/** `who` ends the help texts. `keyOf` turns the plain name into the one of this group. */
export function trafficFamilies<Row>(
  scope: MetricsDetail,
  who: string,
  rows: (view: MetricsView) => Iterable<Row>,
  labelsOf: (row: Row) => Labels,
  trafficOf: (row: Row) => TrafficSnapshot,
  keyOf: (key: string) => string = key => key,
): MetricFamily[] {
  function* each(
    view: MetricsView,
    value: (traffic: TrafficSnapshot) => Sample['value'],
  ): Iterable<Sample> {
    for (const row of rows(view)) yield { labels: labelsOf(row), value: value(trafficOf(row)) };
  }
  function counter(
    key: string,
    help: string,
    value: (traffic: TrafficSnapshot) => number,
  ): MetricFamily {
    const samples = (view: MetricsView): Iterable<Sample> => each(view, value);
    return { key: keyOf(key), scope, type: 'counter', help: `${help} ${who}.`, samples };
  }
  return [
    counter('http.requests', 'Requests that ended, of', traffic => traffic.requests),
    counter(
      'http.errors',
      'Requests that ended without an answer or whose answer broke off, of',
      traffic => (traffic.answers['none'] ?? 0) + traffic.cuts,
    ),
    ...classes.map(digit =>
      counter(`http.status.${digit}xx`, `Answers of the class ${digit}xx, of`, traffic =>
        answersOfClass(traffic, digit),
      ),
    ),
    counter(
      'http.status.none',
      'Requests that ended without an answer, of',
      traffic => traffic.answers['none'] ?? 0,
    ),
    {
      key: keyOf('http.answers'),
      scope,
      type: 'counter',
      help: `Answers by status code, of ${who}.`,
      samples: view => answersByCode(rows(view), labelsOf, trafficOf),
    },
    counter('bytes_in', 'Bytes from clients, of', traffic => traffic.bytesIn),
    counter('bytes_out', 'Bytes to clients, of', traffic => traffic.bytesOut),
    {
      key: keyOf('request_time'),
      scope,
      type: 'histogram',
      unit: 'seconds',
      help: `From a complete request head to the end of the answer, of ${who}.`,
      samples: view => each(view, traffic => traffic.latency),
    },
  ];
}

function* answersByCode<Row>(
  rows: Iterable<Row>,
  labelsOf: (row: Row) => Labels,
  trafficOf: (row: Row) => TrafficSnapshot,
): Generator<Sample> {
  for (const row of rows) {
    const labels = labelsOf(row);
    for (const [code, value] of Object.entries(trafficOf(row).answers)) {
      if (code !== 'none') yield { labels: [...labels, ['code', code]], value };
    }
  }
}
