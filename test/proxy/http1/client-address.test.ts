/** Whom a request comes from when trusted proxies stand between. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { clientBehind } from '../../../proxy/http1/client-address.ts';
import { readConnection } from '../../../proxy/http1/connection-field.ts';
import { Head } from '../../../proxy/http1/head.ts';
import { scanRequestHead } from '../../../proxy/http1/head-scanner.ts';
import { TrustList } from '../../../proxy/net/admission/trust-list.ts';

const PEER = '10.0.0.1';
const trust = new TrustList(['10.0.0.0/8', '192.0.2.7', 'fd00::/8']);

function clientOf(fields: string): string {
  const head = new Head();
  const bytes = Buffer.from(`GET / HTTP/1.1\r\nHost: a\r\n${fields}\r\n`, 'latin1');
  assert.equal(scanRequestHead(head, bytes, 0, bytes.length), 'complete', fields);
  readConnection(head);
  return clientBehind(head, PEER, trust);
}

describe('clientBehind', () => {
  const cases: readonly (readonly [list: string, client: string])[] = [
    ['203.0.113.9', '203.0.113.9'],
    ['6.6.6.6, 203.0.113.9', '203.0.113.9'],
    ['6.6.6.6, 203.0.113.9, 10.9.9.9,192.0.2.7', '203.0.113.9'],
    ['10.3.3.3, 10.2.2.2', '10.3.3.3'],
    ['203.0.113.9:4711', '203.0.113.9'],
    ['[2001:db8::9]:4711, [fd00::1]', '2001:db8::9'],
    ['2001:db8::9', '2001:db8::9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['6.6.6.6, unknown, 10.2.2.2', '10.2.2.2'],
    ['6.6.6.6, _hidden', PEER],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['203.0.113.9, , ,', '203.0.113.9'],
    ['', PEER],
    ['999.1.1.1', PEER],
  ];
  for (const [list, client] of cases) {
    it(`${JSON.stringify(list)} → ${client}`, () => {
      assert.equal(clientOf(`X-Forwarded-For: ${list}\r\n`), client);
    });
  }

  it('is the peer without the field', () => assert.equal(clientOf(''), PEER));

  it('reads several fields as one list', () => {
    const fields = 'X-Forwarded-For: 6.6.6.6\r\nx-forwarded-for: 203.0.113.9, 10.2.2.2\r\n';
    assert.equal(clientOf(fields), '203.0.113.9');
  });

  it('does not read a field that was for this hop alone', () => {
    const fields = 'Connection: X-Forwarded-For\r\nX-Forwarded-For: 203.0.113.9\r\n';
    assert.equal(clientOf(fields), PEER);
  });

  it('has an answer for any list', () => {
    const part = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.constantFrom('10.1.1.1', '', ' ', 'x', '[', ']', ':1', '%', 'fe80::%é', '::ffff:x.y'),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), parts => {
        const text = parts.join(',').replace(/[^\x20-\x7e]/g, '?');
        assert.notEqual(clientOf(`X-Forwarded-For: ${text}\r\n`), '');
      }),
    );
  });
});
