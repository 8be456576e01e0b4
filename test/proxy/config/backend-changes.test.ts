/** Keys of a backend that change what its requests look like. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Backend } from '../../../proxy/command/requests.ts';
import { parseConfig } from '../../../proxy/config/load.ts';

function load(keys: string): ReturnType<typeof parseConfig> {
  return parseConfig(
    `[[listeners]]
address = "127.0.0.1:80"
protocol = "http"
[clusters.web]
protocol = "http"
frontends = [{ address = "127.0.0.1:80", hostname = "a" }]
backends = [{ address = "127.0.0.1:81", ${keys} }]
`,
    'proxy.toml',
  );
}

function backendOf(keys: string): Backend | undefined {
  const config = load(keys);
  assert.ok(config.ok, config.ok ? '' : config.error.message);
  return config.value.requests.flatMap(each =>
    each.kind === 'add-backend' ? [each.backend] : [],
  )[0];
}

describe('a backend in the config file', () => {
  it('may have fields, a path and connections of its own', () => {
    const keys =
      'request_headers = { Color = "blue" }, replace_path = "/v2", reuse_connections = false';
    assert.deepEqual(backendOf(keys), {
      clusterId: 'web',
      backendId: '127.0.0.1:81',
      address: '127.0.0.1:81',
      requestFields: { Color: 'blue' },
      replacePath: '/v2',
      reuseConnections: false,
    });
  });

  const wrong: readonly (readonly [string, RegExp])[] = [
    ['request_headers = { Host = "a" }', /"Host" is a field with a meaning of its own/],
    ['request_headers = { "Co lor" = "a" }', /is not a token/],
    ['request_headers = { Color = "a\\r\\nX: b" }', /holds a control character/],
    ['request_headers = { Color = "bleuté" }', /holds a letter beyond ASCII/],
    ['replace_path = "v2"', /is not a path: begin with "\/"/],
    ['replace_path = "/v2?x=1"', /the query is the client's/],
    ['reuse_connections = "no"', /reuse_connections/],
  ];
  for (const [keys, message] of wrong) {
    it(`is refused with ${keys}`, () => {
      const config = load(keys);
      assert.ok(!config.ok);
      assert.match(config.error.message, message);
      assert.match(config.error.message, /^proxy\.toml:7: /);
    });
  }
});
