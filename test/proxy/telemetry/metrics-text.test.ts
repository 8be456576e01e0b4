import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { metricFamilies } from '../../../proxy/telemetry/metric-catalogue.ts';
import { familyName } from '../../../proxy/telemetry/metric-family.ts';
import { metricsText } from '../../../proxy/telemetry/metrics-text.ts';
import { metricsView } from '../../support/metrics-view.ts';
import { parseOpenMetrics } from '../../support/openmetrics-parser.ts';

function rendered(...parameters: Parameters<typeof metricsText>): string {
  return [...metricsText(...parameters)].join('');
}

describe('metricsText', () => {
  const view = metricsView({ clusterIds: ['web', 'api'], requests: 4 });

  it('is OpenMetrics by the letter, at every level of detail', () => {
    const sizes = (['process', 'cluster', 'backend'] as const).map(
      detail => parseOpenMetrics(rendered(view, detail, 'openmetrics')).size,
    );
    assert.deepEqual(
      [...sizes].sort((a, b) => a - b),
      sizes,
    );
    assert.equal(sizes.at(-1), metricFamilies.length);
  });

  it('has the numbers of the workers, added up', () => {
    const families = parseOpenMetrics(rendered(view, 'backend', 'openmetrics'));
    function value(family: string, label: string, suffix = ''): number | undefined {
      const samples = families.get(family)?.samples ?? [];
      return samples.find(
        ({ name, labels }) => name === family + suffix && [...labels.values()].includes(label),
      )?.value;
    }
    assert.equal(value('relais_http_requests', '127.0.0.1:80', '_total'), 8);
    assert.equal(value('relais_http_status_5xx', '127.0.0.1:80', '_total'), 4);
    assert.equal(value('relais_cluster_http_requests', 'web', '_total'), 8);
    assert.equal(value('relais_version_http_requests', 'v1', '_total'), undefined);
    assert.equal(value('relais_cluster_version_http_requests', 'v1', '_total'), 8);
    assert.equal(value('relais_backend_available', 'web'), 1);
    assert.equal(value('relais_cluster_total_backends', 'api'), 1);
    assert.equal(value('relais_http_denied', 'a "rule"', '_total'), 2);
    assert.equal(value('relais_request_time_seconds', '127.0.0.1:80', '_count'), 8);
  });

  it('puts each time below the first bound that it is under', () => {
    const families = parseOpenMetrics(rendered(view, 'process', 'openmetrics'));
    const buckets = families
      .get('relais_request_time_seconds')
      ?.samples.filter(({ name }) => name.endsWith('_bucket'));
    // 0.3, 0.6, 1.2 and 2.4 ms, each twice: one of two workers each.
    const counts = new Map(buckets?.map(({ labels, value }) => [labels.get('le'), value]));
    assert.deepEqual(
      ['0.000256', '0.000512', '0.001024', '0.002048', '0.004096', '+Inf'].map(le =>
        counts.get(le),
      ),
      [0, 2, 4, 6, 8, 8],
    );
  });

  it('keeps any label apart from the syntax', () => {
    const label = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(fc.uniqueArray(label, { maxLength: 4 }), label, (clusterIds, version) => {
        const text = rendered(metricsView({ clusterIds, version }), 'backend', 'openmetrics');
        const samples = parseOpenMetrics(text).get('relais_backend_weight')?.samples ?? [];
        assert.deepEqual(
          samples.map(({ labels }) => labels.get('cluster')),
          clusterIds,
        );
        assert.ok(samples.every(({ labels }) => (labels.get('version') ?? '') === version));
      }),
      { numRuns: 40 },
    );
  });

  it('tells 10,000 clusters in small parts', () => {
    const clusterIds = Array.from({ length: 10_000 }, (_, index) => `cluster-${index}`);
    let longest = 0;
    let total = 0;
    for (const part of metricsText(metricsView({ clusterIds }), 'cluster', 'openmetrics')) {
      longest = Math.max(longest, part.length);
      total += part.length;
    }
    assert.ok(longest < 64 * 1024, `${longest} characters at once`);
    assert.ok(total > 1_000_000);
  });

  it('is what older readers understand, too', () => {
    const text = rendered(view, 'process', 'prometheus');
    assert.match(text, /^# TYPE relais_http_requests_total counter$/m);
    assert.doesNotMatch(text, /# EOF|# UNIT/);
    const kinds = text.split('\n').filter(line => line.startsWith('# TYPE'));
    assert.equal(new Set(kinds).size, kinds.length);
  });

  it('has names that are all different, and help that needs no escapes', () => {
    const names = metricFamilies.map(familyName);
    assert.equal(new Set(names).size, names.length);
    for (const { help } of metricFamilies) assert.match(help, /^[A-Z0-9][^"\\\n]+\.$/);
  });
});
