/** What stands in for Prometheus reads its text format. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderSums, sumsOf } from '../../../labs/monitor/metric-sums.ts';

const text = `# HELP relais_http_requests_total that ended
# TYPE relais_http_requests_total counter
relais_http_requests_total{listener="127.0.0.1:9090"} 7
relais_http_requests_total{listener="127.0.0.1:9091",note="a \\"b\\" } c"} 5
relais_client_connections 3
relais_request_time_seconds_bucket{le="+Inf"} 99
relais_odd NaN
`;

describe('sumsOf', () => {
  it('adds up over labels, without comments, buckets and what is no number', () => {
    assert.deepEqual(
      [...sumsOf(text)],
      [
        ['relais_http_requests_total', 12],
        ['relais_client_connections', 3],
      ],
    );
  });
});

describe('renderSums', () => {
  it('shows the sums, and what went wrong', () => {
    const page = renderSums(sumsOf(text), 4, 'status <500>');
    assert.match(page, /<td>relais_http_requests_total<\/td><td>12<\/td>/);
    assert.match(page, /asked for \/metrics 4 times/);
    assert.match(page, /status &lt;500&gt;/);
    assert.match(page, /Stand-in for Prometheus/);
  });
});
