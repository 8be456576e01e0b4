import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FailureStory } from '../../../proxy/command/failure-stories.ts';
import { FailureMemory } from '../../../proxy/log/failure-memory.ts';
import { explainFailure, tellStory } from '../../../proxy/log/failure-words.ts';

function story(requestId: string, different: Partial<FailureStory> = {}): FailureStory {
  return {
    requestId,
    workerId: 1,
    time: '2026-11-20T18:00:00.000Z',
    client: '127.0.0.1:50000',
    listener: '127.0.0.1:8080',
    method: 'GET',
    host: 'web',
    target: '/',
    clusterId: 'web',
    status: 503,
    ownAnswer: true,
    complete: true,
    message: 'no',
    durationMs: 3,
    attempts: [],
    skipped: [],
    skippedInAll: 0,
    ...different,
  };
}

describe('FailureMemory', () => {
  it('keeps the last ones and finds the latest with an id', () => {
    const memory = new FailureMemory(3);
    for (const [n, id] of ['a', 'b', 'c', 'b'].entries()) memory.add(story(id, { durationMs: n }));
    assert.equal(memory.find('a'), undefined);
    assert.equal(memory.find('b')?.durationMs, 3);
    assert.equal(memory.last()?.requestId, 'b');
    assert.equal(memory.size, 3);
  });

  it('does not let refusals push out failures', () => {
    const memory = new FailureMemory(3);
    memory.add(story('failed'));
    for (let n = 0; n < 100; n++) memory.add(story(`r${n}`, { status: 404 }));
    assert.equal(memory.find('failed')?.status, 503);
    assert.equal(memory.find('r99')?.status, 404);
    assert.equal(memory.last()?.requestId, 'failed');
  });
});

describe('the words for a failure', () => {
  const refused = {
    backendId: 'b1',
    address: '127.0.0.1:1',
    outcome: 'refused',
    durationMs: 0.3,
  } as const;
  const open = {
    backendId: '127.0.0.1:2',
    address: '127.0.0.1:2',
    reason: 'breaker-open',
    retryInMs: 4200,
  } as const;

  it('name every backend once, and what happened to it', () => {
    assert.equal(
      explainFailure('web', [refused], [open], 1),
      'none of the 2 backends of cluster web answered: ' +
        'b1 refused the connection (after 0.3 ms); ' +
        '127.0.0.1:2 was not tried: its circuit breaker is open, next try in 4.2 s',
    );
    assert.equal(explainFailure('web', [], [], 0), 'cluster web has no backend');
  });

  it('make a story', () => {
    assert.equal(
      tellStory(
        story('r-1', { attempts: [refused], skipped: [open], skippedInAll: 3, message: 'above' }),
      ),
      `Request r-1 at 2026-11-20T18:00:00.000Z, worker 1: GET web/
from 127.0.0.1:50000.
It was for cluster web, on listener 127.0.0.1:8080.
  1. b1 (127.0.0.1:1) refused the connection (after 0.3 ms)
  2. 127.0.0.1:2 was not tried: its circuit breaker is open, next try in 4.2 s
  3. 2 more were not tried
The proxy answered 503 itself after 3.0 ms.
`,
    );
  });

  it('say it when a second try saved the request', () => {
    const saved = story('r-2', {
      attempts: [refused],
      status: 200,
      ownAnswer: false,
      answeredBy: 'b2',
      message: '',
    });
    assert.match(
      tellStory(saved),
      /b2 answered 200 after 3\.0 ms, behind one try that failed\.\n$/,
    );
  });
});
