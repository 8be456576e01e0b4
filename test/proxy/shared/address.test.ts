import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatAddress, parseAddress } from '../../../proxy/shared/address.ts';

describe('parseAddress', () => {
  it('reads both families and prints them back', () => {
    for (const text of ['127.0.0.1:80', '[::1]:8080', '0.0.0.0:0']) {
      const address = parseAddress(text);
      assert.ok(address.ok);
      assert.equal(formatAddress(address.value.ip, address.value.port), text);
    }
  });

  const wrong: readonly (readonly [string, RegExp])[] = [
    ['192.168.1.21', /the port is missing: write 192\.168\.1\.21:PORT/],
    ['::1', /write \[::1\]:PORT/],
    ['::1:80', /write \[::1:80\]:PORT/],
    ['localhost:80', /"localhost" is not an IP address/],
    ['1.2.3.4:65536', /at most 65535/],
    ['1.2.3.456:80', /"1\.2\.3\.456" is not an IP address/],
    ['1.2.3.4:-1', /write IP:PORT/],
    ['', /write IP:PORT/],
    ['[1.2.3.4]:80', /not an IP address/],
  ];
  for (const [text, reason] of wrong) {
    it(`refuses "${text}" with the reason`, () => {
      const address = parseAddress(text);
      assert.ok(!address.ok);
      assert.match(address.error.message, reason);
    });
  }
});
