/** Keys out of what a terminal sends, whatever it sends and however it is cut into pieces. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { KeyReader, type PressedKey } from '../../../../labs/learn/screen/read-keys.ts';

function read(...chunks: readonly string[]): string {
  const reader = new KeyReader();
  const name = (key: PressedKey): string => (typeof key === 'string' ? `<${key}>` : key.letter);
  return chunks.flatMap(chunk => reader.read(chunk).map(name)).join('');
}

describe('KeyReader', () => {
  it('reads letters, digits and the keys that have a name', () => {
    assert.equal(
      read('n', 'h3?', '\r', '\x03', '\x1a', '\x1b'),
      'nh3?<enter><interrupt><suspend><escape>',
    );
    assert.equal(read('\x1b[A', '\x1b[B', '\x1bOA'), '<up><down><up>');
  });

  it('passes over other sequences, in one piece or in several', () => {
    assert.equal(read('\x1b[5~n', '\x1b[1;5Dn', '\x1b[<0;12;3Mn', '\x1bOPn'), 'nnnn');
    assert.equal(read('\x1b[1', ';5', 'Dn'), 'n');
  });

  it('takes nothing from a paste, marked as such or only long', () => {
    assert.equal(read('\x1b[200~q n s\rq\x1b[201~h'), 'h');
    assert.equal(read('\x1b[200~q', 'qq\x1b[2', '01~h'), 'h');
    assert.equal(read('quit everything\r', 'h'), 'h');
  });

  it('keeps little, whatever comes', () => {
    const reader = new KeyReader();
    reader.read(`\x1b[${'0;'.repeat(100_000)}`);
    reader.read('x');
    assert.ok(JSON.stringify(Object.entries(reader)).length < 200);
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), chunks => {
        read(...chunks);
      }),
    );
  });
});
