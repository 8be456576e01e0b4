import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Reply } from '../../../../proxy/command/replies.ts';
import { answerEvents } from '../../../../proxy/master/answers/answer-events.ts';
import { EventLog, KEPT_EVENTS } from '../../../../proxy/master/answers/event-log.ts';
import type { Asker } from '../../../../proxy/master/command-socket/command-session.ts';

function subscribe(log: EventLog, more: object): { replies: Omit<Reply, 'id'>[]; unread: number } {
  const state = { replies: [] as Omit<Reply, 'id'>[], unread: 0 };
  const asker: Asker = {
    origin: { via: 'socket', clientId: 'socket-1' },
    dryRun: false,
    reply: reply => void state.replies.push(reply),
    onClose: () => undefined,
    unread: () => state.unread,
  };
  answerEvents(log, asker, { kind: 'subscribe-events', ...more });
  return state;
}

describe('a subscriber of events', () => {
  it('that does not read is cut off, and told behind which event', () => {
    const log = new EventLog();
    const state = subscribe(log, {});
    log.add({ kind: 'cluster-added' });
    state.unread = 2 * 1024 * 1024;
    for (let round = 0; round < 3; round += 1) log.add({ kind: 'cluster-removed' });
    assert.deepEqual(
      state.replies.map(each => each.status),
      ['processing', 'failure'],
    );
    assert.match(state.replies[1]?.message ?? '', /cut off behind event 1: they are not read/);
  });

  it('learns which events it came too late for', () => {
    const log = new EventLog();
    for (let round = 0; round < KEPT_EVENTS + 2; round += 1) log.add({ kind: 'cluster-added' });
    const { replies } = subscribe(log, { since: 1, follow: false });
    assert.match(replies[0]?.message ?? '', /^1 event behind number 1 are no longer kept$/);
    assert.equal(replies.length, KEPT_EVENTS + 2);
    assert.deepEqual(replies.at(-1), { status: 'ok', message: `${KEPT_EVENTS} events` });
  });

  it('gets only the kinds that it wants, later as well', () => {
    const log = new EventLog();
    log.add({ kind: 'cluster-added' });
    const { replies } = subscribe(log, { kinds: ['cluster-removed'] });
    log.add({ kind: 'cluster-added' });
    log.add({ kind: 'cluster-removed' });
    assert.deepEqual(
      replies.map(each => each.message),
      ['cluster-removed'],
    );
  });
});
