/** Why a machine was chosen, in both languages. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HistoryRecord } from '../../../../labs/harness/history.ts';
import {
  choiceReason,
  proxySamples,
  proxysWords,
} from '../../../../labs/report/evidence/choice-reason.ts';
import type { ProxyLine } from '../../../../labs/report/evidence/proxy-log.ts';
import { backend, request, sample } from '../../../support/history-builder.ts';
import { proxyLine } from '../proxy-line.ts';

function reason(line: ProxyLine | undefined, history: readonly HistoryRecord[] = []): string[] {
  const told = { id: 'q1', request: request(5_000), line, outcome: 'answered', isNotable: false };
  return choiceReason({ ...told, outcome: 'answered' }, proxySamples(history)).map(({ en }) =>
    en.replaceAll('\u00A0', ' '),
  );
}

const refused = {
  backend: 'webapp2',
  address: '192.168.56.22:8080',
  outcome: 'refused',
  status: null,
  duration_ms: 0.3,
};

describe('choiceReason', () => {
  it('names the policy and how many there were to choose from', () => {
    assert.deepEqual(reason(proxyLine()), [
      'Chosen: webapp1 among 3; round robin: it was its turn.',
    ]);
  });

  it('says that nobody else was left', () => {
    assert.deepEqual(reason(proxyLine({ chosen_among: 1 })), [
      'Chosen: webapp1, the only one left to choose.',
    ]);
  });

  it('says that a cookie named it', () => {
    const line = proxyLine({ chosen_by: 'sticky-session', chosen_among: 1 });
    assert.match(reason(line)[0] ?? '', /^Chosen: webapp1; the visitor’s cookie names it/);
  });

  it('begins with what was tried before, and how it failed', () => {
    const error = { ...refused, backend: 'webapp3', outcome: 'error-answer', status: 503 };
    assert.deepEqual(reason(proxyLine({ attempts: 4, tries: [refused, error] })).slice(0, 3), [
      'Tried first: webapp2 refused the connection, after 0.30 ms.',
      'Then: webapp3 answered with an error (503), after 0.30 ms.',
      '1 more were tried in vain.',
    ]);
  });

  it('names whom the proxy would not ask then, and does not name one twice', () => {
    const open = backend('webapp3', { breaker: 'open' });
    const tried = backend('webapp2', { breaker: 'open' });
    const later = sample(9_000, [backend('webapp3')]);
    const history = [sample(4_000, [backend('webapp1'), tried, open]), later];
    const line = proxyLine({ chosen_among: 1, attempts: 2, tries: [refused] });
    assert.equal(
      reason(line, history).at(-1),
      'Not asked at that time: webapp3 (circuit breaker open).',
    );
  });

  it('says that the proxy answered itself, and keeps its own words apart', () => {
    const line = proxyLine({
      own_answer: true,
      attempts: 0,
      chosen_by: null,
      message: 'no backend',
    });
    assert.deepEqual(reason(line), ['The proxy answered itself.']);
    assert.equal(proxysWords(line)?.en, 'In the proxy’s words: no backend.');
    assert.equal(proxysWords(proxyLine()), undefined);
  });

  it('does not pretend to know what no log tells', () => {
    assert.match(reason(undefined)[0] ?? '', /has no line for this request/);
  });
});
