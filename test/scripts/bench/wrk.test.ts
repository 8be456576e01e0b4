import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseWrk } from '../../../scripts/bench/load/wrk.ts';

const GOOD = `Running 4s test @ http://127.0.0.1:40123/
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.21ms  331.91us   9.49ms   83.49%
    Req/Sec    53.14k     2.97k   58.10k    75.00%
  Latency Distribution
     50%    1.17ms
     75%    1.32ms
     90%    1.55ms
     99%  872.50us 
  211577 requests in 4.00s, 240.13MB read
Requests/sec:  52877.91
Transfer/sec:     60.01MB
`;

describe('parseWrk', () => {
  it('reads a report', () => {
    assert.deepEqual(parseWrk(GOOD), {
      requests: 211_577,
      requestsPerSecond: 52_877.91,
      p99Ms: 0.8725,
      invalid: undefined,
    });
  });

  it('does not count a round with answers that are no 2xx', () => {
    const text = GOOD.replace('Requests/sec', '  Non-2xx or 3xx responses: 12\nRequests/sec');
    assert.equal(parseWrk(text).invalid, '12 answers were no 2xx');
  });

  it('does not count a round with socket errors', () => {
    const errors = 'connect 0, read 3, write 0, timeout 1';
    const text = GOOD.replace('Requests/sec', `  Socket errors: ${errors}\nRequests/sec`);
    assert.equal(parseWrk(text).invalid, `socket errors: ${errors}`);
  });

  it('does not count a round without an answer', () => {
    const text = '     99%    0.00us\n  0 requests in 1.00s, 0.00B read\nRequests/sec:      0.00\n';
    assert.equal(parseWrk(text).invalid, 'no request was answered');
  });

  it('throws when there is no report', () => {
    assert.throws(() => parseWrk('unable to connect to 127.0.0.1:1'), /unable to connect/);
  });
});
