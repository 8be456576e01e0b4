import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { asciiLines, duration } from '../../../proxy/log/ascii-line.ts';
import { LogClock } from '../../../proxy/log/log-clock.ts';
import { loggedRequest } from '../../support/logged-request.ts';

const clock = new LogClock(
  () => Date.UTC(2026, 10, 20, 18, 0, 0, 500),
  () => 1500,
);
const write = asciiLines(2, 4242, clock);

describe('asciiLines', () => {
  it('has the fields of Sōzu in their order', () => {
    const line = write(
      loggedRequest({ frontend: { tags: { owner: 'me' } }, userAgent: 'A [b] c' }),
      '',
      1004.5,
    );
    assert.equal(
      line,
      '2026-11-20T18:00:00.004500Z 1795197600004500000 4242 INFO-ACCESS  WRK-02\t' +
        '[127.0.0.1:50000 r-1 web b1] 127.0.0.1:50000 127.0.0.1:9001 ' +
        '4500us/1250us/3250us/-/- 80 1200 [owner=me, user-agent=A_{b}_c] None ' +
        'HTTP web.example GET /a?b=c 200\n',
    );
  });

  it('shows a dash for what there is not, and says why the proxy answered itself', () => {
    const line = write(
      loggedRequest({
        method: '',
        target: '',
        hostname: '',
        userAgent: '',
        cluster: undefined,
        backend: undefined,
        connectedAt: 0,
        answeredAt: 0,
        status: 400,
        ownAnswer: true,
        message: 'bad head',
      }),
      '',
      1000,
    );
    assert.match(
      line,
      / ERROR-ACCESS WRK-02\t\[127\.0\.0\.1:50000 r-1 - -\] 127\.0\.0\.1:50000 - 0ns\/0ns\/-\/-\/- 80 1200 \[\] None HTTP - - - 400 \| bad head\n$/,
    );
  });

  it('is one line of ASCII whatever a client sends', () => {
    const bytes = fc
      .uint8Array({ maxLength: 40 })
      .map(array => Buffer.from(array).toString('latin1'));
    fc.assert(
      fc.property(bytes, bytes, bytes, (target, userAgent, message) => {
        const line = write(loggedRequest({ target, userAgent, message }), '', 1004);
        assert.match(line, /^[\x20-\x7e]+\t[\x20-\x7e]+\n$/);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('duration', () => {
  it('has a unit that fits', () => {
    assert.deepEqual([undefined, 0.005, 0.5, 9.999, 10, 9999, 10_000].map(duration), [
      '-',
      '5000ns',
      '500us',
      '9999us',
      '10ms',
      '9999ms',
      '10s',
    ]);
  });
});
