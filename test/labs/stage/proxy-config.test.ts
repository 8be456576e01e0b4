/** The configuration that labs write is one that the proxy reads without a complaint. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { renderProxyConfig, writeProxyConfig } from '../../../labs/stage/proxy-config.ts';

const relais = path.resolve(import.meta.dirname, '../../../bin/relais.js');
const config = {
  language: 'en',
  listener: '127.0.0.1:9090',
  commandSocket: './relais.sock',
  backends: ['webapp1', 'webapp2'],
  addressOf: (machine: string) => `192.168.56.2${machine.at(-1)}:8080`,
  plan: {},
} as const;

describe('writeProxyConfig', () => {
  it('is accepted by `relais config check`, without a warning', async test => {
    const folder = await mkdtemp(path.join(tmpdir(), 'relais-config-'));
    test.after(() => rm(folder, { recursive: true }));
    const file = await writeProxyConfig(folder, config);
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [
      relais,
      'config',
      'check',
      '-c',
      file,
    ]);
    assert.match(stdout + stderr, /is valid, 0 warnings/);
    const ouch = await readFile(path.join(folder, '503.http'), 'utf8');
    assert.match(ouch, /^HTTP\/1\.1 503 your application is in deployment\n(?:.+\n)+\n<!doctype/);
  });

  it('writes what a lab plans besides', async test => {
    const folder = await mkdtemp(path.join(tmpdir(), 'relais-config-'));
    test.after(() => rm(folder, { recursive: true }));
    const file = await writeProxyConfig(folder, {
      ...config,
      plan: {
        workers: 1,
        top: { max_connections_total: 50 },
        listener: { deny: ['log4shell'] },
        cluster: { health_check: { uri: '/status', interval: 0.5 } },
        frontends: [{ hostname: 'localhost' }, { hostname: '*.example.org' }],
        backends: { webapp1: { weight: 80 } },
        wrongAddresses: { webapp2: 'webapp1' },
        clusters: {
          blog: { frontends: [{ hostname: 'blog.example.org' }], backends: ['webapp3'] },
        },
      },
    });
    const run = promisify(execFile)(process.execPath, [relais, 'config', 'check', '-c', file]);
    const { stdout, stderr } = await run;
    assert.match(stdout + stderr, /is valid, 1 warning/);
    const text = await readFile(file, 'utf8');
    assert.match(text, /backend_id = "webapp1", weight = 80/);
    assert.match(text, /address = "192.168.56.21:8080", backend_id = "webapp2"/);
    assert.match(text, /\[clusters.blog\]/);
  });

  it('comments in the learner’s language', () => {
    assert.match(renderProxyConfig(config), /# The proxy of this lab\./);
    assert.match(renderProxyConfig({ ...config, language: 'fr' }), /# Le proxy de ce lab\./);
  });
});
