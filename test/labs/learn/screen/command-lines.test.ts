/** A command that is longer than a line is still the command when it is typed as it stands there. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { commandLines } from '../../../../labs/learn/screen/command-lines.ts';

const long =
  "printf '%s\\n' relais backend add webapp 'a name with spaces, longer than one line' --weight 20";

function typed(lines: readonly string[]): string {
  return execFileSync('sh', ['-c', lines.map(line => line.slice(2)).join('\n')], {
    encoding: 'utf8',
  });
}

describe('commandLines', () => {
  it('leaves a short command alone', () => {
    assert.deepEqual(commandLines('lab heal', 40), ['$ lab heal']);
  });

  it('breaks a long one so that a shell reads the same words', () => {
    const whole = typed([`$ ${long}`]);
    for (const columns of [60, 70, 80, 90]) {
      const lines = commandLines(long, columns);
      assert.ok(lines.length > 1 && lines.every(line => line.length <= columns), String(columns));
      assert.equal(typed(lines), whole);
    }
  });

  it('never breaks at a space that belongs to a word', () => {
    for (const line of commandLines(long, 60)) assert.doesNotMatch(line, /with \\$/);
  });
});
