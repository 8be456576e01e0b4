import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeRequest } from '../../../../proxy/command/decode.ts';
import type { Listener } from '../../../../proxy/command/requests.ts';
import { completeRequest } from '../../../../proxy/master/changes/complete-request.ts';
import { ok } from '../../../../proxy/shared/result.ts';
import { emptyState } from '../../../../proxy/state/config-state.ts';

const answer = { status: 503, reason: 'x', fields: [], body: '', keepAlive: true };
const listener: Listener = {
  address: '127.0.0.1:80',
  protocol: 'http',
  answers: { '503': answer },
  frontTimeoutMs: 60_000,
  backTimeoutMs: 30_000,
  connectTimeoutMs: 3_000,
  requestTimeoutMs: 10_000,
  tryDeadlineMs: 10_000,
  maxConnections: 10_000,
  stickyName: 'S',
  deny: [{ name: 'log4shell' }],
};
const state = emptyState();
state.listeners.set(listener.address, listener);
const patch = { kind: 'patch-listener', address: listener.address } as const;

describe('a patched listener', () => {
  it('keeps what is not named, other answers too', () => {
    const answers = { '404': { ...answer, status: 404 } };
    const request = completeRequest(state, { ...patch, changes: { backTimeoutMs: 1, answers } });
    const wanted = { ...listener, backTimeoutMs: 1, answers: { ...listener.answers, ...answers } };
    assert.deepEqual(request, ok({ kind: 'update-listener', listener: wanted }));
  });

  it('loses what is reset', () => {
    const { deny: _, stickyName: __, ...rest } = listener;
    const reset = ['deny', 'stickyName', 'answers.503'];
    const request = completeRequest(state, { ...patch, changes: {}, reset });
    const wanted = { ...rest, answers: {} };
    assert.deepEqual(request, ok({ kind: 'update-listener', listener: wanted }));
  });

  it('cannot be one that does not exist', () => {
    const unknown = completeRequest(state, { ...patch, address: '127.0.0.1:8', changes: {} });
    assert.ok(!unknown.ok);
    assert.match(
      unknown.error.message,
      /there is no listener on 127\.0\.0\.1:8; did you mean "127\.0\.0\.1:80"/,
    );
  });
});

describe('a request to patch a listener', () => {
  function message(more: object): string {
    const decoded = decodeRequest({ ...patch, changes: {}, ...more });
    return decoded.ok ? 'fine' : decoded.error.message;
  }

  it('may name every key but address, protocol and active', () => {
    assert.equal(message({ changes: { backTimeoutMs: 5, deny: [] } }), 'fine');
    assert.match(message({ changes: { address: '127.0.0.1:1' } }), /address/);
    assert.match(message({ changes: { active: false } }), /active/);
    assert.match(message({ changes: { backTimeoutMs: 0 } }), /backTimeoutMs/);
  });

  it('resets only what has a default', () => {
    assert.equal(message({ reset: ['deny', 'answers.503'] }), 'fine');
    assert.match(
      message({ reset: ['stikyName'] }),
      /"stikyName" has no default; did you mean "stickyName"/,
    );
    assert.match(message({ reset: ['backTimeoutMs'] }), /"backTimeoutMs" has no default/);
  });
});
