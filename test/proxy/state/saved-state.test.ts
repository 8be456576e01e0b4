/** A saved state is read whole or not at all, whatever became of its bytes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hash } from '../../../proxy/state/hash.ts';
import { decodeState, encodeState } from '../../../proxy/state/saved-state.ts';
import { anyState, stateOf, webRequests } from '../../support/some-states.ts';

const time = new Date('2026-01-02T03:04:05.678Z');
const state = stateOf(...webRequests(1, 2));
const file = stateOf(...webRequests(1, 3));
const { text } = encodeState(state, file, time);
const bytes = Buffer.from(text);

describe('saved state', () => {
  it('holds the state, and what the config file was', () => {
    const saved = decodeState(bytes);
    assert.ok(saved.ok);
    assert.equal(saved.value.time, time.toISOString());
    assert.equal(saved.value.requests, 5);
    assert.equal(hash(saved.value.state), hash(state));
    assert.equal(hash(saved.value.file), hash(file));
  });

  it('has one request per line, for people and for grep', () => {
    const lines = text.split('\n');
    assert.equal(lines.length, 1 + 5 + 1 + 1 + 1 + 1);
    assert.match(lines[1] ?? '', /^\{"kind":"add-listener",/);
    assert.match(lines.at(-2) ?? '', /^\{"end":"relais state","sha256":"[0-9a-f]{64}"\}$/);
  });

  it('comes back from any state and any file', () => {
    fc.assert(
      fc.property(anyState, anyState, (live, base) => {
        const saved = decodeState(Buffer.from(encodeState(live, base, time).text));
        assert.ok(saved.ok, saved.ok ? '' : saved.error.message);
        assert.equal(hash(saved.value.state), hash(live));
        assert.equal(saved.value.file.frontends.size, base.frontends.size);
        assert.deepEqual(
          [...saved.value.file.clusters.keys()].sort(),
          [...base.clusters.keys()].sort(),
        );
      }),
    );
  });

  it('is read when somebody has turned its line ends into those of Windows', () => {
    const saved = decodeState(Buffer.from(text.replaceAll('\n', '\r\n')));
    assert.ok(saved.ok, saved.ok ? '' : saved.error.message);
    assert.equal(hash(saved.value.state), hash(state));
  });

  it('is refused when it is cut off, after every byte', () => {
    for (let length = 0; length < bytes.length; length += 1) {
      const saved = decodeState(bytes.subarray(0, length));
      assert.ok(!saved.ok, `${length} bytes are enough`);
      assert.equal(saved.error.code, 'PROXY_STATE_INVALID');
    }
  });

  it('is refused when one bit is another, wherever it is', () => {
    for (let at = 0; at < bytes.length; at += 1) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8));
      assert.ok(!decodeState(damaged).ok, `byte ${at} does not count`);
    }
  });

  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ['nothing', '', /^it is empty$/],
    ['something else', '{"a":1}\n', /does not begin as a saved state does/],
    ['more behind its end', `${text}\n`, /cut off, or bytes of it are changed/],
    ['two of them', text + text, /cut off, or bytes/],
    [
      'a later version',
      text.replace('"version":1', '"version":2'),
      /is version 2, this proxy reads 1/,
    ],
  ];
  for (const [what, content, reason] of wrong) {
    it(`is refused when it is ${what}`, () => {
      const saved = decodeState(Buffer.from(content));
      assert.ok(!saved.ok);
      assert.match(saved.error.message, reason);
    });
  }
});
