import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lendingBuffer, withTextBefore } from '../../../proxy/http1/lent-bytes.ts';

describe('withTextBefore', () => {
  it('puts a text in the place of what came before, also a longer one', () => {
    for (const text of ['', 'new\r\n', 'a longer head than the old one\r\n']) {
      const buffer = lendingBuffer(64);
      buffer.write('old head|body|rest', 'latin1');
      const whole = withTextBefore(text, buffer, 9, 13);
      assert.equal(whole?.toString('latin1'), `${text}body`);
      assert.equal(buffer.toString('latin1', 13, 18), '|rest');
    }
  });

  it('touches nothing that is not its own', () => {
    const pool = Buffer.from('neighbour|old|body', 'latin1');
    const kept = pool.subarray(10);
    assert.equal(withTextBefore('12345', kept, 4, 8), undefined);
    assert.equal(pool.toString('latin1'), 'neighbour|old|body');
    assert.equal(withTextBefore('1234', kept, 4, 8)?.toString('latin1'), '1234body');
    assert.equal(pool.toString('latin1', 0, 10), 'neighbour|');
  });

  it('has no room for a head that outgrows the headroom', () => {
    assert.equal(withTextBefore('x'.repeat(2000), lendingBuffer(64), 9, 13), undefined);
  });
});
