/** A config file that was written on Windows says the same: CR LF, and a mark in front of UTF-8. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { examineConfig, findCommandSocket, loadConfig } from '../../../proxy/config/load.ts';
import { mend } from '../../../proxy/config/mend.ts';
import { parseAnswer } from '../../../proxy/http1/answer-template.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'relais-line-ends-'));
after(() => rmSync(folder, { recursive: true }));
const file = path.join(folder, 'proxy.toml');

const windows = (text: string): string => text.replaceAll('\n', '\r\n');

const config = `# mine
command_socket = "./here.sock"
worker_count = 1

[[listeners]]
address  = "127.0.0.1:80"   # the front
protocol = "http"

[clusters.web]
protocol  = "http"
frontends = [
  { address = "127.0.0.1:80", hostname = "a" },
]
backends  = [
  { address = "127.0.0.1:81" },
]
`;
const answer = 'HTTP/1.1 503 Busy\nContent-Type: text/plain\n\nback soon\n';

function load(text: string) {
  writeFileSync(file, text);
  const loaded = loadConfig(file);
  assert.ok(loaded.ok, loaded.ok ? '' : loaded.error.message);
  return loaded.value;
}

describe('line ends of Windows', () => {
  it('make no difference to a config file', () => {
    assert.deepEqual(load(windows(config)), load(config));
    assert.deepEqual(load(`\uFEFF${windows(config)}`), load(config));
  });

  it('nor to the search for its command socket', () => {
    writeFileSync(file, `\uFEFF${windows(config)}`);
    assert.deepEqual(findCommandSocket(file), { ok: true, value: path.join(folder, 'here.sock') });
  });

  it('leave findings on the lines where they are', () => {
    const wrong = config.replace('hostname', 'hostnam').replace('worker_count', 'worker_cont');
    const linesOf = (text: string): readonly string[] =>
      examineConfig(text, file).findings.map(({ line, column, key }) => `${line} ${column} ${key}`);
    assert.ok(linesOf(wrong).length >= 2, linesOf(wrong).join());
    assert.deepEqual(linesOf(windows(wrong)), linesOf(wrong));
  });

  it('stay as they are in what is mended', () => {
    const wrong = windows(config.replace('worker_count', 'worker_cont'));
    const { findings } = examineConfig(wrong, file);
    const { texts } = mend(findings, { file, text: wrong }, () => undefined);
    assert.equal(texts.get(file), windows(config));
  });

  it('make no difference to the head of an answer file', () => {
    const [unix, other] = [answer, windows(answer)].map(text =>
      parseAnswer(text, 503, 'busy.http'),
    );
    assert.ok(unix?.ok && other?.ok);
    assert.deepEqual(other.value.template.fields, unix.value.template.fields);
    assert.equal(other.value.template.body, 'back soon\r\n');
  });
});
