/** `relais config`: what it prints, what it writes and how it ends. */
import assert from 'node:assert/strict';
import { cp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { makeFolder, runRelais } from '../support/start-proxy.ts';

const fixtures = path.resolve(import.meta.dirname, '../../../test/fixtures/tutorial-2017');
const good = `[[listeners]]
address  = "127.0.0.1:9090"
protocol = "http"

[clusters.web]
protocol  = "http"
frontends = [{ address = "127.0.0.1:9090", hostname = "localhost" }]
backends  = [{ address = "127.0.0.1:8081" }]
`;

async function place(test: TestContext, text: string): Promise<string> {
  return path.join(await makeFolder(test, { 'proxy.toml': text }), 'proxy.toml');
}

describe('relais config check', () => {
  it('prints findings as data', async test => {
    const file = await place(test, `worker_cont = 1\n${good}`);
    const ended = await runRelais('config', 'check', file, '--json');
    assert.equal(ended.code, 1);
    assert.deepEqual(JSON.parse(ended.stdout), {
      file,
      valid: false,
      findings: [
        {
          severity: 'error',
          file,
          line: 1,
          key: 'worker_cont',
          what: 'unknown key; did you mean "worker_count"?',
          fix: 'call it worker_count',
          fixable: true,
        },
      ],
    });
  });

  it('mends a file and its answer files, after it has shown how', async test => {
    const folder = await makeFolder(test);
    await cp(fixtures, folder, { recursive: true });
    const file = path.join(folder, 'demo.toml');
    const before = await readFile(file, 'utf8');
    const machines = ['--expect', '192.168.1.21:8080,192.168.1.22:8080,192.168.1.23:8080'];
    const dry = await runRelais('config', 'check', file, '--fix', '--dry-run', ...machines);
    assert.match(dry.stdout, /\n\+backends .* "192\.168\.1\.23:8080" \] # list of IP\/port/);
    assert.match(dry.stdout, /would fix 3 findings; nothing is written/);
    assert.equal(await readFile(file, 'utf8'), before);
    const fixed = await runRelais('config', 'check', file, '--fix', ...machines, '--strict');
    assert.equal(fixed.code, 0, fixed.stderr);
    assert.match(fixed.stdout, /Success: .* is valid \(in the shape of 2017\), 0 warnings/);
    const answer = await readFile(path.join(folder, '503.html'), 'utf8');
    assert.match(answer, /\nConnection: close\n\n<!doctype html>/);
  });

  it('fails on a warning only when it is asked to', async test => {
    const file = await place(test, good.replace('[{ address = "127.0.0.1:8081" }]', '[]'));
    assert.equal((await runRelais('config', 'check', file)).code, 0);
    const strict = await runRelais('config', 'check', file, '--strict');
    assert.equal(strict.code, 1);
    assert.match(strict.stdout, /warning: .*:5: clusters\.web: has no backends.*\n +fix: add an/);
  });
});

describe('relais config fmt', () => {
  it('checks, prints and writes the layout, comments kept', async test => {
    const file = await place(test, `${good}\nsticky_session = true  # one\n`);
    const check = await runRelais('config', 'fmt', '--check', file);
    assert.equal(check.code, 1);
    assert.match(
      check.stdout,
      /\n-sticky_session = true {2}# one\n\+sticky_session = true # one\n/,
    );
    const printed = await runRelais('config', 'fmt', file);
    assert.match(printed.stdout, /# one/);
    assert.equal((await runRelais('config', 'fmt', '--write', file)).code, 0);
    assert.equal(await readFile(file, 'utf8'), printed.stdout);
    assert.equal((await runRelais('config', 'fmt', '--check', file)).code, 0);
  });

  it('names the line of what is no TOML, and writes nothing', async test => {
    const text = 'a = 1\nb = = 2\n';
    const file = await place(test, text);
    const ended = await runRelais('config', 'fmt', '--write', file);
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /proxy\.toml:2:\d+: not valid TOML/);
    assert.equal(await readFile(file, 'utf8'), text);
  });
});

describe('relais config upgrade', () => {
  it('prints the form of today of a file of 2017', async () => {
    const ended = await runRelais('config', 'upgrade', path.join(fixtures, 'demo.toml'));
    assert.equal(ended.code, 0);
    assert.match(ended.stdout, /\[\[listeners\]\]\naddress = "127\.0\.0\.1:9090"/);
    assert.match(ended.stderr, /left out: .*:7: command_buffer_size: has no effect/);
  });
});
