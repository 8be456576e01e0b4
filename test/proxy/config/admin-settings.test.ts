import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import type { AdminSettings } from '../../../proxy/config/admin-settings.ts';
import { parseConfig } from '../../../proxy/config/load.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'relais-admin-'));
after(() => rmSync(folder, { recursive: true }));
const token = 'abcdefghijklmnopqrstuvwxyz';
const tokenFile = path.join(folder, 'token');
writeFileSync(tokenFile, `${token}\n`, { mode: 0o600 });

function parse(text: string): ReturnType<typeof parseConfig> {
  const listener = '\n[[listeners]]\naddress = "127.0.0.1:0"\nprotocol = "http"\n';
  return parseConfig(`${text}${listener}`, path.join(folder, 'proxy.toml'));
}

function admin(text: string): AdminSettings {
  const config = parse(text);
  assert.ok(config.ok, config.ok ? '' : config.error.message);
  return config.value.admin;
}

function problem(text: string): string {
  const config = parse(text);
  assert.ok(!config.ok);
  return config.error.message;
}

describe('[admin], [metrics] and the audit log', () => {
  it('are off without a word', () => {
    assert.deepEqual(admin(''), {
      api: undefined,
      statsd: undefined,
      metricsDetail: 'cluster',
      auditFile: undefined,
    });
  });

  it('take an address with a token, or a unix socket without', () => {
    assert.deepEqual(admin('[admin]\naddress = "[::1]:7"\ntoken_file = "token"').api, {
      listen: { ip: '::1', port: 7, family: 6 },
      token,
    });
    assert.deepEqual(admin('[admin]\naddress = "unix://admin.sock"').api, {
      listen: { path: path.join(folder, 'admin.sock') },
      token: undefined,
    });
  });

  it('warn of a token that others can read', () => {
    chmodSync(tokenFile, 0o644);
    const config = parse('[admin]\naddress = "127.0.0.1:7"\ntoken_file = "token"');
    chmodSync(tokenFile, 0o600);
    assert.match(config.ok ? (config.value.warnings[0] ?? '') : '', /can be read by others/);
  });

  it('take a statsd server, with the words of Sōzu for the detail', () => {
    const now = '[metrics]\naddress = "127.0.0.1:8125"\ntagged_metrics = true\nprefix = "lab"';
    assert.deepEqual(admin(`${now}\ndetail = "backend"`).statsd, {
      ip: '127.0.0.1',
      port: 8125,
      family: 4,
      prefix: 'lab',
      tagged: true,
    });
    assert.equal(admin('[metrics]\ndetail = "frontend"').metricsDetail, 'process');
  });

  it('take the audit log as a file', () => {
    const file = path.join(folder, 'audit.log');
    assert.equal(admin('audit_logs_target = "file://audit.log"').auditFile, file);
    assert.equal(admin(`audit_logs_json_target = "${file}"`).auditFile, file);
  });

  const wrong: readonly (readonly [string, RegExp])[] = [
    ['[admin]\naddress = "127.0.0.1:7"', /:1: admin: needs token_file \(or token\)/],
    ['[admin]\naddress = "0.0.0.0:7"\ntoken_file = "token"', /can be reached from other computers/],
    ['[admin]\naddress = "192.0.2.1:7"\ntoken_file = "token"', /only 127\.0\.0\.0\/8, \[::1\]/],
    ['[admin]\naddress = "localhost:7"\ntoken_file = "token"', /or write "unix:\/\/PATH"/],
    ['[admin]\naddress = "127.0.0.1:7"\ntoken = "short"', /at least 16 characters/],
    ['[admin]\naddress = "127.0.0.1:7"\ntoken_file = "tokn"', /admin\.token_file: cannot read/],
    ['[admin]\naddress = "127.0.0.1:7"\ntoken_fil = "token"', /did you mean "token_file"\?/],
    [`[admin]\naddress = "unix://${'x'.repeat(120)}"`, /at most \d+ bytes/],
    ['[metrics]\naddress = "stats.example.org:8125"', /names are not resolved/],
    ['[metrics]\naddress = "127.0.0.1:8125"\nprefix = "a b"', /metrics\.prefix: must be/],
    ['[metrics]\ndetail = "clusters"', /did you mean "cluster"\?/],
    ['audit_logs_target = "udp://127.0.0.1:1"', /write "file:\/\/PATH"/],
    ['audit_logs_target = "a"\naudit_logs_json_target = "b"', /there is one audit log/],
    ['command_allowed_uids = [1000]', /the runtime does not tell who/],
  ];
  for (const [text, message] of wrong) {
    it(`refuse ${JSON.stringify(text.slice(0, 70))}`, () => assert.match(problem(text), message));
  }
});
