/** A terminal that is sent only what changed shows the same as one that was drawn anew. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { TerminalScreen } from '../../../../labs/check/terminal-screen.ts';
import { changedLines } from '../../../../labs/learn/screen/changed-lines.ts';

const size = { columns: 10, rows: 5 };
const line = fc.string({ maxLength: 10, unit: fc.constantFrom('a', 'b', ' ', 'é', '●') });
const lines = fc.array(line, { maxLength: 5 });

describe('changedLines', () => {
  it('sends nothing when nothing changed', () => {
    assert.equal(changedLines(['a', 'b'], ['a', 'b'], 10), '');
  });

  it('sends the changed line alone', () => {
    const sent = changedLines(['one', 'two', 'three'], ['one', '2', 'three'], 10);
    assert.ok(
      sent.includes('\x1b[2;1H2\x1b[K') && !sent.includes('one') && !sent.includes('three'),
    );
  });

  it('leaves on the screen what was to be shown, full lines included', async () => {
    await fc.assert(
      fc.asyncProperty(lines, lines, async (before, after) => {
        const screen = new TerminalScreen(size, () => {});
        await screen.write(Buffer.from(changedLines([], before, size.columns)));
        await screen.write(Buffer.from(changedLines(before, after, size.columns)));
        const wanted = Array.from({ length: 5 }, (_, row) => (after[row] ?? '').trimEnd());
        assert.deepEqual(screen.lines(), wanted);
        screen.dispose();
      }),
      { numRuns: 100 },
    );
  });
});
