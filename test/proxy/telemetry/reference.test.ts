/** The page and the dashboard name metrics that the proxy has, and the page names all of them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { metricFamilies } from '../../../proxy/telemetry/metric-catalogue.ts';
import { familyName } from '../../../proxy/telemetry/metric-family.ts';
import { metricsText } from '../../../proxy/telemetry/metrics-text.ts';
import { metricsView } from '../../support/metrics-view.ts';
import { parseOpenMetrics } from '../../support/openmetrics-parser.ts';

const docs = path.resolve(import.meta.dirname, '../../../../docs');
const page = readFileSync(path.join(docs, 'admin-api.md'), 'utf8');

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number };
}

const dashboard = JSON.parse(readFileSync(path.join(docs, 'grafana-dashboard.json'), 'utf8')) as {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly query: string }[] };
};

/** Names of samples that a scrape really has. */
function emitted(): Map<string, ReadonlySet<string>> {
  const view = metricsView({ clusterIds: ['web'], requests: 4 });
  const text = [...metricsText(view, 'backend', 'openmetrics')].join('');
  const names = new Map<string, ReadonlySet<string>>();
  for (const { samples } of parseOpenMetrics(text).values()) {
    for (const { name, labels } of samples) names.set(name, new Set(labels.keys()));
  }
  return names;
}

describe('docs/admin-api.md', () => {
  it('names every metric', () => {
    const groups = ['relais_', 'relais_cluster_', 'relais_cluster_version_', 'relais_backend_'];
    const missing = metricFamilies
      .map(family => `${familyName(family)}${family.type === 'counter' ? '_total' : ''}`)
      .filter(name => {
        const inGroup = groups.some(
          prefix => name.startsWith(prefix) && page.includes(`\`…${name.slice(prefix.length)}\``),
        );
        return !inGroup && !page.includes(`\`${name}\``);
      });
    assert.deepEqual(missing, []);
  });

  it('names no metric that there is not', () => {
    const known = metricFamilies.map(
      family => `${familyName(family)}${family.type === 'counter' ? '_total' : ''}`,
    );
    const named = [...page.matchAll(/`(relais_[a-z0-9_]*[a-z0-9])`/g)].map(match => match[1] ?? '');
    assert.ok(named.length > 30);
    assert.deepEqual(
      named.filter(name => !known.includes(name)),
      [],
    );
  });
});

describe('the dashboard for Grafana', () => {
  const expressions = [
    ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
    ...dashboard.templating.list.map(({ query }) => query),
  ];

  it('asks for metrics that a scrape has, by labels that they have', () => {
    const names = emitted();
    let asked = 0;
    for (const expression of expressions) {
      for (const [, name = '', labels = ''] of expression.matchAll(
        /\b(relais_[a-z0-9_]+)(?:\{([^}]*)\})?/g,
      )) {
        asked += 1;
        const known = names.get(name);
        assert.ok(known !== undefined, `${name} in ${expression}`);
        for (const [, label = ''] of labels.matchAll(/([a-z]+)=~?"/g)) {
          assert.ok(label === 'job' || known.has(label), `${label} of ${name}`);
        }
      }
      const grouped = /by \(([^)]*)\)/.exec(expression)?.[1]?.split(/, */) ?? [];
      const all = new Set([...names.values()].flatMap(labels => [...labels]));
      for (const label of grouped) assert.ok(all.has(label), `${label} in ${expression}`);
      const depth = [...expression].reduce(
        (open, sign) => open + (sign === '(' ? 1 : sign === ')' ? -1 : 0),
        0,
      );
      assert.equal(depth, 0, expression);
    }
    assert.ok(asked > 40);
  });

  it('has panels for what an operator looks at first, and none over another', () => {
    const titles = dashboard.panels.map(({ title }) => title).join('\n');
    for (const word of [
      /Requests/,
      /Errors/,
      /p99/,
      /Backends/,
      /breakers/,
      /Connections/,
      /Workers/,
    ]) {
      assert.match(titles, word);
    }
    const places = dashboard.panels.map(({ gridPos }) => `${gridPos.x} ${gridPos.y}`);
    assert.equal(new Set(places).size, places.length);
    assert.ok(dashboard.panels.every(({ gridPos }) => gridPos.x + gridPos.w <= 24));
  });
});
