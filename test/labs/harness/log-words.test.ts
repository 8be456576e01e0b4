/** Lines of logs as evidence, short enough to read. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { logInWords } from '../../../labs/harness/log-words.ts';

const line = { kind: 'log', at: 1, source: 'shop', line: 'it started' } as const;

describe('logInWords', () => {
  it('is the source and the line when nothing else is known', () => {
    assert.deepEqual(logInWords(line), { en: 'shop · it started', fr: 'shop · it started' });
  });

  it('begins with what was read from the line, and cuts a long one', () => {
    const told = { requestId: 'alice-7', durationMs: 2_004, traceId: `0af9b76d${'1'.repeat(24)}` };
    const { en, fr } = logInWords({ ...line, ...told, line: 'x'.repeat(900) });
    assert.match(en, /^shop · alice-7 · 2\.00.s · trace 0af9b76d · x{200}…$/);
    assert.match(fr, /^shop · alice-7 · 2,00.s · trace 0af9b76d · x{200}…$/);
  });
});
