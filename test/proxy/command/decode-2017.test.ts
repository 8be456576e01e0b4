/** Messages of 2017 become today's requests, or say why they cannot. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeEnvelope } from '../../../proxy/command/decode.ts';

function decode(message: object): ReturnType<typeof decodeEnvelope> {
  return decodeEnvelope(Buffer.from(JSON.stringify({ id: 'ID-abcdef', version: 0, ...message })));
}

function order(type: string, data?: unknown): object {
  return { type: 'PROXY', data: data === undefined ? { type } : { type, data } };
}

const place = { app_id: 'web', ip_address: '192.168.1.21', port: 8080 };
const front = { app_id: 'web', hostname: 'Example.org', path_begin: '/api' };
const frontend = { hostname: 'example.org', path: '/api', clusterId: 'web' };
const backend = { clusterId: 'web', address: '192.168.1.21:8080' };

describe('a message of 2017', () => {
  const messages: readonly (readonly [object, object])[] = [
    [order('ADD_INSTANCE', place), { kind: 'add-backend', backend }],
    [
      order('ADD_INSTANCE', { ...place, ip_address: '::1', instance_id: 'web-0' }),
      {
        kind: 'add-backend',
        backend: { clusterId: 'web', address: '[::1]:8080', backendId: 'web-0' },
      },
    ],
    [
      order('ADD_BACKEND', { ...place, backend_id: 'b', sticky_id: 's', backup: null }),
      { kind: 'add-backend', backend: { ...backend, backendId: 'b', stickyId: 's' } },
    ],
    [order('REMOVE_INSTANCE', place), { kind: 'remove-backend', ...backend }],
    [
      order('ADD_HTTP_FRONT', front),
      {
        kind: 'transaction',
        requests: [
          { kind: 'keep-cluster', clusterId: 'web' },
          { kind: 'add-frontend', frontend },
        ],
      },
    ],
    [
      order('ADD_HTTP_FRONT', { ...front, path_begin: '/', sticky_session: true }),
      {
        kind: 'transaction',
        requests: [
          { kind: 'keep-cluster', clusterId: 'web', stickySession: true },
          { kind: 'add-frontend', frontend: { ...frontend, path: '' } },
        ],
      },
    ],
    [
      order('REMOVE_HTTP_FRONT', { ...front, address: '127.0.0.1:80' }),
      { kind: 'remove-frontend', frontend: { ...frontend, listener: '127.0.0.1:80' } },
    ],
    [
      order('ADD_APPLICATION', { app_id: 'web', sticky_session: true, https_redirect: false }),
      {
        kind: 'add-cluster',
        cluster: { id: 'web', loadBalancing: 'round-robin', answers: {}, stickySession: true },
      },
    ],
    [order('REMOVE_APPLICATION', 'web'), { kind: 'remove-cluster', clusterId: 'web' }],
    [order('REMOVE_APPLICATION', { app_id: 'web' }), { kind: 'remove-cluster', clusterId: 'web' }],
    [order('SOFT_STOP'), { kind: 'soft-stop' }],
    [order('HARD_STOP'), { kind: 'hard-stop' }],
    [order('STATUS'), { kind: 'status' }],
    [
      order('LOGGING', 'sozu_lib::parser=trace,Info'),
      { kind: 'patch-settings', changes: { logLevel: 'info' } },
    ],
    [{ type: 'UPGRADE_MASTER' }, { kind: 'upgrade-main', deadlineMs: 60_000 }],
    [
      { type: 'UPGRADE_WORKER', data: 1 },
      { kind: 'upgrade-worker', workerId: 1, deadlineMs: 60_000 },
    ],
    [{ type: 'LIST_WORKERS' }, { kind: 'status' }],
    [{ type: 'DUMP_STATE' }, { kind: 'dump-state' }],
    [
      { type: 'SAVE_STATE', data: { path: './state.json' } },
      { kind: 'save-state', file: path.resolve('state.json') },
    ],
    [
      { type: 'LOAD_STATE', data: { path: '/a' } },
      { kind: 'load-state', file: '/a' },
    ],
    [{ type: 'METRICS', proxy_id: null }, { kind: 'show-metrics' }],
  ];
  for (const [message, request] of messages) {
    it(`${JSON.stringify(message)} is ${JSON.stringify(request)}`, () => {
      const { id, isOld, request: decoded } = decode(message);
      assert.deepEqual({ id, isOld }, { id: 'ID-abcdef', isOld: true });
      assert.deepEqual(decoded, { ok: true, value: request });
    });
  }

  const wrong: readonly (readonly [object, RegExp])[] = [
    [{ type: 'STATUS', version: 1 }, /^version: the only one is 0, not 1/],
    [{ type: 'STATUS', version: [[]] }, /^version: the only one is 0$/],
    [
      order('ADD_APPLICATION', { app_id: 'a', load_balancing_policy: 'constructor' }),
      /^cluster\.loadBalancing: /,
    ],
    [{ type: 7 }, /^type: must be text/],
    [{ type: 'DUMP_STATES' }, /there is no message "DUMP_STATES"; did you mean "DUMP_STATE"/],
    [{ type: 'constructor' }, /there is no message "constructor"/],
    [order('ADD_INSTANC', place), /there is no order "ADD_INSTANC"; did you mean "ADD_INSTANCE"/],
    [{ type: 'PROXY' }, /^data: /],
    [order('ADD_INSTANCE', { ...place, port: '80' }), /^data\.port: /],
    [
      order('ADD_INSTANCE', { ...place, port: 99_999 }),
      /"192\.168\.1\.21:99999" is not an address/,
    ],
    [order('ADD_HTTPS_FRONT', front), /^PROXY: ADD_HTTPS_FRONT: TLS is not spoken/],
    [order('ADD_TCP_FRONT', place), /only HTTP is relayed/],
    [order('HTTP_PROXY', {}), /in today’s words/],
    [order('ADD_APPLICATION', { app_id: 'a', https_redirect: true }), /TLS is not spoken/],
    [{ ...order('SOFT_STOP'), proxy_id: 0 }, /proxy_id: a request is for all workers/],
    [{ type: 'LAUNCH_WORKER', data: 'x' }, /worker_count/],
  ];
  for (const [message, why] of wrong) {
    it(`${JSON.stringify(message)} is refused with the reason`, () => {
      const { request } = decode(message);
      assert.ok(!request.ok);
      assert.equal(request.error.code, 'PROXY_REQUEST_INVALID');
      assert.match(request.error.message, why);
    });
  }

  it('of any content is a request or a reason, never an exception', () => {
    const types = fc.constantFrom(
      'PROXY',
      'SAVE_STATE',
      'UPGRADE_WORKER',
      'LOAD_STATE',
      '__proto__',
    );
    const orders = fc.constantFrom(
      'ADD_INSTANCE',
      'ADD_HTTP_FRONT',
      'REMOVE_APPLICATION',
      'valueOf',
    );
    const data = fc.oneof(fc.jsonValue(), fc.record({ type: orders, data: fc.jsonValue() }));
    fc.assert(
      fc.property(types, data, (type, value) => {
        const { request } = decode({ type, data: value });
        return request.ok || request.error.message !== '';
      }),
    );
  });
});
