/** When a learner is met with sentences instead of a screen. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LearnerTerminal } from '../../../labs/learn/learner-terminal.ts';
import { whyPlain } from '../../../labs/learn/open-front.ts';

const terminal = {
  input: { isTTY: true },
  output: { isTTY: true, columns: 120, rows: 50 },
} as unknown as LearnerTerminal;

const why = (env: Readonly<Record<string, string>>) => whyPlain(terminal, { plain: false, env });

describe('whyPlain', () => {
  it('draws in a terminal, in that of macOS and in Windows Terminal', () => {
    assert.equal(why({ TERM: 'xterm-256color' }), undefined);
    assert.equal(why({}), undefined);
    assert.equal(why({ MSYSTEM: 'MINGW64', WT_SESSION: '6f2c' }), undefined);
  });

  it('does not in the window of Git Bash, and says so', () => {
    const reason = why({ MSYSTEM: 'MINGW64', TERM: 'xterm' });
    assert.ok(typeof reason === 'object');
    assert.match(reason.en, /this is Git Bash/);
    assert.match(reason.fr, /c’est Git Bash/);
  });
});
