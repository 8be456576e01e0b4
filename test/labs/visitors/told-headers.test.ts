/** What of an answer's head is kept in the history. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toldHeaders } from '../../../labs/visitors/told-headers.ts';

describe('toldHeaders', () => {
  it('keeps who answered and what of the connection, always in the same order', () => {
    const headers = { connection: 'close', etag: '"1"', 'x-relais-machine': 'webapp1' };
    assert.deepEqual(Object.entries(toldHeaders(headers)), [
      ['x-relais-machine', 'webapp1'],
      ['connection', 'close'],
    ]);
  });

  it('keeps the names of cookies and never what they hold', () => {
    const cookies = { 'set-cookie': ['RELAISBALANCEID=secret; Path=/', 'flavour=vanilla'] };
    assert.deepEqual(toldHeaders(cookies), { 'set-cookie': 'RELAISBALANCEID=…, flavour=…' });
  });

  it('cuts what is long', () => {
    assert.equal(toldHeaders({ via: 'x'.repeat(5_000) })['via']?.length, 121);
  });
});
