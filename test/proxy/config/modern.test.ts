/** A file of 2017 says the same in the form of today. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'smol-toml';
import { parseConfig } from '../../../proxy/config/load.ts';
import { modernize } from '../../../proxy/config/modern.ts';

const fixture = path.resolve(
  import.meta.dirname,
  '../../../../test/fixtures/tutorial-2017/demo.toml',
);

/** In the form of today, and the same requests come of it. */
function modern(text: string): string {
  const written = modernize(text, parse(text));
  assert.ok(written.ok, written.ok ? '' : written.error.message);
  const [before, after] = [text, written.value].map(each => parseConfig(each, fixture));
  assert.ok(before?.ok && after?.ok, after?.ok === false ? after.error.message : '');
  assert.equal(after.value.dialect, 'today');
  assert.deepEqual(after.value.requests, before.value.requests);
  assert.deepEqual(after.value.settings, before.value.settings);
  return written.value;
}

describe('modernize', () => {
  it("rewrites the tutorial's file", () => {
    const written = modern(readFileSync(fixture, 'utf8'));
    assert.match(written, /^# sozu proxy simple demo config file\n/);
    assert.match(
      written,
      /\n\[\[listeners\]\]\naddress = "127\.0\.0\.1:9090"\nprotocol = "http"\n/,
    );
    assert.match(written, /\n\[clusters\.webapp\]\n/);
    assert.match(written, / {2}\{ address = "192\.168\.1\.21:8080" \},\n/);
    assert.doesNotMatch(written, /applications|metrics|buffer_size/);
  });

  it('keeps comments, paths, IPv6 and applications that nobody is led to', () => {
    const written = modern(`# mine
worker_count = 1 # few
# where
[http] # here
port = 8080
address = "::1"
# the shop
[applications.shop]
hostname = "shop.example"
path_begin = '/api'
frontends = ["HTTP"]
backends = [
  # first
  "127.0.0.1:1", # one
  "127.0.0.1:2",
]
[applications.idle]
hostname = "idle.example"
frontends = []
backends = []
`);
    for (const comment of [
      '# mine',
      '# few',
      '# where',
      '# here',
      '# the shop',
      '# first',
      '# one',
    ]) {
      assert.ok(written.includes(comment), comment);
    }
    assert.match(written, /address = "\[::1\]:8080"/);
    assert.match(written, /hostname = "shop\.example", path = '\/api'/);
    assert.match(
      written,
      /\[clusters\.idle\]\nprotocol = "http"\nfrontends = \[\]\nbackends = \[\]/,
    );
  });

  it('says which key stands where it cannot be rewritten', () => {
    for (const text of ['http.port = 80\n', '[applications]\na = { hostname = "a" }\n']) {
      const written = modernize(text, parse(text));
      assert.ok(!written.ok);
      assert.match(written.error.message, /: cannot be rewritten; write it as a table/);
    }
  });
});
