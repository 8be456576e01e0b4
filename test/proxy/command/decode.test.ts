import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeEnvelope, decodeRequest } from '../../../proxy/command/decode.ts';

type Request = Parameters<typeof decodeRequest>[0];

function decoded(request: Request): unknown {
  const result = decodeRequest(request);
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}

function refusal(request: Request): string {
  const result = decodeRequest(request);
  assert.ok(!result.ok, JSON.stringify(request));
  assert.equal(result.error.code, 'PROXY_REQUEST_INVALID');
  return result.error.message;
}

describe('decodeRequest', () => {
  it('says what is wrong also with what cannot be made text', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    for (const kind of ['{"toString":1,"valueOf":1}', deep, 'null', '7']) {
      const inner = `{"kind":"transaction","requests":[{"kind":${kind}}]}`;
      for (const text of [inner, `{"kind":${kind}}`, `{"type":"PROXY","version":${kind}}`]) {
        const { request } = decodeEnvelope(Buffer.from(text));
        assert.ok(!request.ok);
        assert.match(request.error.message, /kind: must be text such as|^version: the only one is/);
      }
    }
  });

  it('brings hosts and addresses into the spelling by which they are known', () => {
    const frontend = {
      listener: '[0:0::1]:080',
      hostname: 'WWW.Example',
      path: '/a',
      clusterId: 'c',
    };
    assert.deepEqual(decoded({ kind: 'add-frontend', frontend }), {
      kind: 'add-frontend',
      frontend: { ...frontend, listener: '[::1]:80', hostname: 'www.example' },
    });
  });

  it('takes the admin state of a backend with a deadline where that makes sense', () => {
    const place = { clusterId: 'c', address: '127.0.0.1:1' };
    const drain = { kind: 'set-backend-admin', ...place, admin: 'drain' };
    assert.deepEqual(decoded({ ...drain, deadlineMs: 0, wait: true }), {
      ...drain,
      deadlineMs: 0,
      wait: true,
    });
    const ready = { ...drain, admin: 'ready' };
    assert.deepEqual(decoded(ready), ready);
    assert.equal(refusal({ ...ready, deadlineMs: 5 }), 'deadlineMs: is for drain and maint');
    assert.match(refusal({ ...drain, admin: 'draining' }), /^admin: /);
    assert.match(
      refusal({ kind: 'transaction', requests: [{ ...drain, wait: true }] }),
      /^requests\.0: .*wait/i,
    );
    const backend = { ...place, admin: 'maint' };
    assert.deepEqual(decoded({ kind: 'add-backend', backend }), { kind: 'add-backend', backend });
    assert.match(
      refusal({ kind: 'add-backend', backend: { ...place, admin: 'ready' } }),
      /^backend\.admin: /,
    );
  });

  it('takes a backend with and without id', () => {
    const backend = { clusterId: 'c', address: '127.0.0.1:1' };
    assert.deepEqual(decoded({ kind: 'add-backend', backend }), { kind: 'add-backend', backend });
    const named = { ...backend, backendId: 'b' };
    assert.deepEqual(decoded({ kind: 'add-backend', backend: named }), {
      kind: 'add-backend',
      backend: named,
    });
  });

  const backend = { clusterId: 'c', address: '127.0.0.1:1' };
  const wrong: readonly (readonly [Request, RegExp])[] = [
    [{}, /^kind: must be text/],
    [{ kind: 'add-bakend' }, /there is no request "add-bakend"; did you mean "add-backend"\?/],
    [
      { kind: 'add-backend', backend: { ...backend, address: '127.0.0.1:0' } },
      /a backend needs a port/,
    ],
    [
      { kind: 'add-backend', backend: { ...backend, address: 'we b:80' } },
      /backend\.address: "we b:80"/,
    ],
    [{ kind: 'add-backend', backend: { ...backend, clusterId: 'a\u0007' } }, /control character/],
    [{ kind: 'add-backend', backend: { ...backend, clusterId: '' } }, /may not be empty/],
    [
      { kind: 'add-backend', backend: { ...backend, wieght: 1 } },
      /backend: Unrecognized key: "wieght"/,
    ],
    [{ kind: 'remove-backend', clusterId: 5, address: '127.0.0.1:1' }, /clusterId: /],
    [
      {
        kind: 'add-frontend',
        frontend: { listener: '127.0.0.1:1', hostname: 'a b', path: '', clusterId: 'c' },
      },
      /"a b" is not a host name/,
    ],
    [
      {
        kind: 'add-frontend',
        frontend: { listener: '127.0.0.1:1', hostname: 'a', path: 'x', clusterId: 'c' },
      },
      /begin with "\/"/,
    ],
    [
      {
        kind: 'add-cluster',
        cluster: {
          id: 'c',
          loadBalancing: 'round-robin',
          answers: { 503: { status: 404, reason: '', fields: [], body: '', keepAlive: true } },
        },
      },
      /the answer for 503 says 404/,
    ],
    [
      {
        kind: 'add-cluster',
        cluster: {
          id: 'c',
          loadBalancing: 'round-robin',
          answers: {
            503: {
              status: 503,
              reason: 'x\r\nSet-Cookie: a',
              fields: [],
              body: '',
              keepAlive: true,
            },
          },
        },
      },
      /reason: holds a control character/,
    ],
  ];
  for (const [request, reason] of wrong) {
    it(`refuses ${JSON.stringify(request).slice(0, 60)}…`, () => {
      assert.match(refusal(request), reason);
    });
  }
});

describe('decodeEnvelope', () => {
  it('echoes the id whenever there is one', () => {
    for (const [text, id] of [
      ['{"id":"a","kind":"x"}', 'a'],
      ['{"id":3,"kind":"x"}', 3],
      ['{"kind":"x"}', null],
      ['{"id":[],"kind":"x"}', null],
    ] as const) {
      assert.equal(decodeEnvelope(Buffer.from(text)).id, id);
    }
  });

  it('has a reason for every bytes there can be', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.json().map(Buffer.from)), bytes => {
        const { request } = decodeEnvelope(Buffer.from(bytes));
        if (!request.ok) assert.ok(request.error.message.length > 0);
      }),
    );
  });
});

describe('the patterns of a frontend', () => {
  const frontendOf = (extra: object): ReturnType<typeof decodeRequest> =>
    decodeRequest({
      kind: 'add-frontend',
      frontend: { listener: '127.0.0.1:1', hostname: 'a', path: '', clusterId: 'c', ...extra },
    });

  const hosts: readonly (readonly [given: string, kept: string])[] = [
    ['*', '*'],
    ['*.Example.ORG', '*.example.org'],
    ['WWW./[^\\D]+|FR/.Example', 'www./[^\\D]+|FR/.example'],
    ['[::1]', '[::1]'],
    ['_Dmarc.A', '_dmarc.a'],
  ];
  for (const [given, kept] of hosts) {
    it(`the host ${given} is kept as ${kept}`, () => {
      const request = frontendOf({ hostname: given });
      assert.ok(request.ok && request.value.kind === 'add-frontend');
      assert.equal(request.value.frontend.hostname, kept);
    });
  }

  const wrong: readonly (readonly [extra: object, message: RegExp])[] = [
    [{ hostname: '/a(/.example' }, /frontend\.hostname: .*wrong at character 2: missing closing/],
    [{ hostname: 'a*.example' }, /whole first label/],
    [{ hostname: '' }, /"" is not a host name/],
    [{ hostname: 'localhost:9090' }, /is not a host name: leave the port out/],
    [{ path: '/(', pathKind: 'regex' }, /frontend\.path: .*wrong at character 2/],
    [{ path: '/x?y' }, /frontend\.path: .*can never match/],
  ];
  for (const [extra, message] of wrong) {
    it(`refuses ${JSON.stringify(extra)}`, () => {
      const request = frontendOf(extra);
      assert.ok(!request.ok);
      assert.match(request.error.message, message);
    });
  }
});
