import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { showBreaker, showEvent } from '../../../proxy/cli/show.ts';
import { formatTable } from '../../../proxy/cli/table.ts';
import { backendSnapshot } from '../../support/backend-snapshot.ts';

const closed = backendSnapshot();

describe('showBreaker', () => {
  it('says how near it is to opening, and how long it stays open', () => {
    assert.equal(showBreaker(closed), 'closed');
    assert.equal(showBreaker({ ...closed, failures: 2 }), 'closed, failures 2/3');
    assert.equal(
      showBreaker({ ...closed, breaker: 'open', failures: 3, retryInMs: 2_140 }),
      'open, next try in 2.1 s',
    );
    assert.equal(
      showBreaker({ ...closed, breaker: 'half-open' }),
      'half-open, one trial under way',
    );
  });
});

describe('showEvent', () => {
  it('is one line with what is known', () => {
    const line = showEvent({
      seq: 7,
      time: '2026-01-01T00:00:00.000Z',
      kind: 'connect-failed',
      workerId: 1,
      clusterId: 'web',
      address: '127.0.0.1:1',
      failure: 'unreachable',
      durationMs: 3_001.4,
    });
    assert.equal(
      line,
      '2026-01-01T00:00:00.000Z  #7  connect-failed  worker 1  web  127.0.0.1:1  unreachable  3001 ms',
    );
  });
});

describe('formatTable', () => {
  it('aligns columns and leaves no blanks at the end', () => {
    assert.equal(
      formatTable([
        ['a', 'bb'],
        ['ccc', 'd'],
      ]),
      'a    bb\nccc  d\n',
    );
    assert.equal(formatTable([]), '\n');
  });
});
