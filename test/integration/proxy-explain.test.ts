/** `relais explain` asks a real proxy. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runRelais, startProxy } from '../support/start-proxy.ts';

const config = `
  log_level = "warn"
  [[listeners]]
  address = "127.0.0.1:0"
  protocol = "http"
  deny = ["log4shell"]
  [clusters.webapp]
  protocol = "http"
  frontends = [
    { address = "127.0.0.1:0", hostname = "*.localhost" },
    { address = "127.0.0.1:0", hostname = "*.localhost", path = "/api", path_type = "SEGMENT" },
  ]
  backends = [{ address = "127.0.0.1:1" }, { address = "127.0.0.1:2", backup = true }]
`;

describe('relais explain', () => {
  it('shows frontends, cluster and backends, for people and as JSON, or what is wrong', async test => {
    const proxy = await startProxy(test, { config });
    const at = ['-s', proxy.socketPath];
    const shown = await runRelais(
      'explain',
      'GET',
      `http://a.localhost:${proxy.port}/api/x`,
      ...at,
    );
    assert.equal(shown.code, 0, shown.stderr);
    assert.match(
      shown.stdout,
      /^Success: frontend \*\.localhost\/api \(segment\) → cluster webapp → 127\.0\.0\.1:1\n/,
    );
    assert.match(shown.stdout, /\n→ +\*\.localhost\/api \(segment\) +webapp +serves\n/);
    assert.match(shown.stdout, /\n +127\.0\.0\.1:2 .* a backup: others can serve\n/);

    const url = 'http://a.localhost/?q=%24%7Bjndi:ldap://x%7D';
    const denied = await runRelais(...at, '-j', 'explain', url);
    const content = JSON.parse(denied.stdout) as Record<string, unknown>;
    assert.deepEqual([content['method'], content['status']], ['GET', 403]);

    const header = ['-H', 'Host: a.localhost', '-H', 'X: y', '-l', proxy.addresses[0] ?? ''];
    const byField = await runRelais(...at, 'explain', 'POST', '/', ...header);
    assert.match(byField.stdout, /^Success: frontend \*\.localhost → cluster webapp/);

    const hostless = await runRelais(...at, 'explain', 'GET', '/x');
    assert.deepEqual([hostless.code, hostless.stdout], [1, '']);
    assert.match(hostless.stderr, /Failure: which host\?/);
    const method = await runRelais(...at, 'explain', 'http://a/', 'GET');
    assert.equal(method.code, 2);
    assert.match(method.stderr, /"http:\/\/a\/" is no method/);
    const field = await runRelais(...at, 'explain', 'http://a/', '-H', 'oops');
    assert.equal(field.code, 2);
    assert.match(field.stderr, /Write it as "Name: value"/);
  });
});
