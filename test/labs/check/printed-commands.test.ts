/** What the screen prints to type is what the robot reads from it, at any width. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { printedCommands } from '../../../labs/check/printed-commands.ts';
import { commandLines } from '../../../labs/learn/screen/command-lines.ts';

describe('printedCommands', () => {
  it('reads the commands and nothing else', () => {
    const screen = ['2  A step', '? Why', '$ lab up webapp1', '✔ lab done', '  costs $ 5', '$ b c'];
    assert.deepEqual(printedCommands(screen.join('\n')), ['lab up webapp1', 'b c']);
  });

  it('joins what had to be broken at spaces', () => {
    const word = fc.stringMatching(/^[a-z0-9:./-]{1,12}$/);
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 40, max: 120 }),
        (words, columns) => {
          const command = words.join(' ');
          const screen = commandLines(command, columns).join('\n');
          assert.deepEqual(printedCommands(screen), [command]);
        },
      ),
    );
  });
});
