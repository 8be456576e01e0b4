import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { StatsdLines } from '../../../proxy/telemetry/statsd-lines.ts';
import { MAX_PACKET_BYTES, statsdPackets } from '../../../proxy/telemetry/statsd-packets.ts';
import { metricsView } from '../../support/metrics-view.ts';

const plain = { prefix: 'relais', tagged: false };
const tagged = { prefix: 'relais', tagged: true };

describe('StatsdLines', () => {
  it('names metrics as Sōzu does, and adds up listeners', () => {
    const view = metricsView({ clusterIds: ['web.org'], requests: 4 });
    const lines = [...new StatsdLines(plain).next(view, 'backend')];
    for (const line of [
      'relais.http.requests:8|c',
      'relais.http.answers.200:4|c',
      'relais.events.worker-started:2|c',
      'relais.cluster.web_org.http.requests:8|c',
      'relais.cluster.web_org.version.v1.http.requests:8|c',
      'relais.cluster.web_org.backend.b1.bytes_in:80|c',
      'relais.cluster.web_org.cluster.available_backends:1|g',
      'relais.worker.1.worker.up:1|g',
    ]) {
      assert.ok(lines.includes(line), `${line} in\n${lines.join('\n')}`);
    }
    // Eight times of 0.3, 0.6, 1.2 and 2.4 ms.
    assert.ok(lines.includes('relais.request_time:1.125|ms|@0.125'), lines.join('\n'));
  });

  it('can have clusters and backends as tags', () => {
    const view = metricsView({ clusterIds: ['web.org'] });
    const lines = [...new StatsdLines(tagged).next(view, 'backend')];
    for (const line of [
      'relais.http.requests,version=1.2.3,listener=127.0.0.1_80:4|c',
      'relais.cluster.http.requests,version=1.2.3,cluster_id=web.org:4|c',
    ]) {
      assert.ok(lines.includes(line), lines.join('\n'));
    }
    assert.ok(
      lines.some(line => line.startsWith('relais.request_time.p99,version=1.2.3,listener')),
    );
  });

  it('tells of counters only what came since, and of gauges only what changed', () => {
    const lines = new StatsdLines(plain);
    const before = metricsView({ clusterIds: ['web'], requests: 4 });
    [...lines.next(before, 'cluster')];
    assert.deepEqual([...lines.next(before, 'cluster')], []);
    const after = [...lines.next(metricsView({ clusterIds: ['web'], requests: 6 }), 'cluster')];
    assert.ok(after.includes('relais.http.requests:4|c'), after.join('\n'));
    assert.ok(after.includes('relais.cluster.web.http.requests:4|c'));
    // Two workers had 4.8 and 9.6 ms each.
    assert.ok(after.some(line => line.startsWith('relais.request_time:7.2|ms|@0.25')));
  });

  it('never tells of less than nothing when a worker took its counts along', () => {
    const lines = new StatsdLines(plain);
    [...lines.next(metricsView({ clusterIds: ['web'], requests: 6 }), 'cluster')];
    const less = [...lines.next(metricsView({ clusterIds: ['web'], requests: 2 }), 'cluster')];
    assert.ok(!less.some(line => line.includes('http.requests')), less.join('\n'));
    const more = [...lines.next(metricsView({ clusterIds: ['web'], requests: 3 }), 'cluster')];
    assert.ok(more.includes('relais.http.requests:2|c'));
  });

  it('forgets a cluster that is gone', () => {
    const lines = new StatsdLines(plain);
    [...lines.next(metricsView({ clusterIds: ['web'], requests: 6 }), 'cluster')];
    [...lines.next(metricsView({ clusterIds: [] }), 'cluster')];
    const again = [...lines.next(metricsView({ clusterIds: ['web'], requests: 2 }), 'cluster')];
    assert.ok(again.includes('relais.cluster.web.http.requests:4|c'), again.join('\n'));
  });

  it('keeps its syntax whatever ids hold', () => {
    const id = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.uniqueArray(id, { maxLength: 3 }), id, (clusterIds, version) => {
        const view = metricsView({ clusterIds, version });
        for (const naming of [plain, tagged]) {
          for (const line of new StatsdLines(naming).next(view, 'backend')) {
            assert.match(line, /^relais\.[^:|@\s#]+:[0-9.e+-]+\|(?:c|g|ms)(?:\|@[0-9.e-]+)?$/);
          }
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('statsdPackets', () => {
  it('puts as many whole lines in a packet as fit, in their order', () => {
    const line = fc.string({ unit: fc.constantFrom('a', ':', '1'), minLength: 1, maxLength: 2000 });
    fc.assert(
      fc.property(fc.array(line), lines => {
        const packets = [...statsdPackets(lines)];
        assert.ok(packets.every(packet => packet.length <= MAX_PACKET_BYTES && packet !== ''));
        assert.deepEqual(
          packets.flatMap(packet => packet.split('\n')),
          lines.filter(each => each.length <= MAX_PACKET_BYTES),
        );
        for (const [index, packet] of packets.entries()) {
          const [next] = packets[index + 1]?.split('\n') ?? [];
          const fits = next !== undefined && packet.length + 1 + next.length <= MAX_PACKET_BYTES;
          assert.ok(!fits, 'a packet had room for the next line');
        }
      }),
    );
  });
});
