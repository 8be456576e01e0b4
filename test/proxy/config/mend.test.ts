/** `relais config check --fix`: what has one obvious fix is mended, everything else stays byte for byte. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { examineConfig } from '../../../proxy/config/load.ts';
import { mend } from '../../../proxy/config/mend.ts';
import { parseAnswer } from '../../../proxy/http1/answer-template.ts';

const fixtures = path.resolve(import.meta.dirname, '../../../../test/fixtures/tutorial-2017');
const folder = mkdtempSync(path.join(tmpdir(), 'relais-mend-'));
after(() => rmSync(folder, { recursive: true }));
const file = path.join(folder, 'proxy.toml');

function mended(text: string, expected: readonly string[] = []): ReadonlyMap<string, string> {
  const { findings } = examineConfig(text, file, { expected });
  return mend(findings, { file, text }, name => readFileSync(name, 'utf8')).texts;
}

function web(backends: string, more = ''): string {
  return `[[listeners]]
address  = "127.0.0.1:80"   # mine
protocol = "http"
[clusters.web]
protocol  = "http"
frontends = [{ address = "127.0.0.1:80", hostname = "a" }]
backends  = [${backends}]
${more}`;
}

describe('mend', () => {
  it('renames a key that has one near name, and keeps comments', () => {
    const wrong = `worker_cont = 3 # workers\n${web('{ adress = "127.0.0.1:81" }')}`;
    const right = `worker_count = 3 # workers\n${web('{ address = "127.0.0.1:81" }')}`;
    assert.equal(mended(wrong).get(file), right);
    assert.deepEqual(mended(right), new Map());
  });

  it('leaves a key alone when the right one stands there too', () => {
    assert.deepEqual(mended(`worker_cont = 3\nworker_count = 2\n${web('')}`), new Map());
  });

  const a = '{ address = "127.0.0.1:81" }';
  const b = '{ address = "127.0.0.5:82" }';
  const doubles: readonly (readonly [string, string])[] = [
    [`${a}, ${a}`, a],
    [`${a}, ${b}, ${a}`, `${a}, ${b}`],
    [`\n  ${a}, # one\n  ${b},\n  ${a}, # again\n`, `\n  ${a}, # one\n  ${b}, # again\n`],
  ];
  for (const [before, then] of doubles) {
    it(`removes the second of ${JSON.stringify(before)}`, () => {
      assert.equal(mended(web(before)).get(file), web(then));
    });
  }

  it('writes the one machine that is expected and missing in the place of a double', () => {
    const twice = web(`${a}, ${a}`);
    const once = web(`${a}, { address = "127.0.0.1:83" }`);
    assert.equal(mended(twice, ['127.0.0.1:81', '127.0.0.1:83']).get(file), once);
  });

  it('does not guess', () => {
    const run = '{ address = "127.0.0.21:81" }, { address = "127.0.0.22:81" }';
    assert.deepEqual(mended(web(`${run}, { address = "127.0.0.22:81" }`)), new Map());
  });

  it("mends the tutorial: both answer files and the third machine's address", () => {
    cpSync(fixtures, folder, { recursive: true });
    const text = readFileSync(path.join(folder, 'demo.toml'), 'utf8');
    const machines = ['21', '22', '23'].map(last => `192.168.1.${last}:8080`);
    const texts = mended(text, machines);
    assert.match(
      texts.get(file) ?? '',
      /"192\.168\.1\.21:8080", "192\.168\.1\.22:8080", "192\.168\.1\.23:8080" \] # list of/,
    );
    for (const [name, status] of [
      ['404.html', 404],
      ['503.html', 503],
    ] as const) {
      const page = texts.get(path.join(folder, name)) ?? '';
      assert.match(page, /\nConnection: close\n\n<!doctype html>\n/);
      const answer = parseAnswer(page, status, name);
      assert.ok(answer.ok);
      assert.deepEqual(answer.value.warnings, []);
    }
    for (const [name, after_] of texts) writeFileSync(name, after_);
    const { findings } = examineConfig(texts.get(file) ?? '', file, { expected: machines });
    assert.deepEqual(
      findings.filter(each => each.severity !== 'note'),
      [],
    );
  });

  it('takes an empty line away that makes a field part of the body, with CRLF too', () => {
    const page = 'HTTP/1.1 503 x\r\n\r\nContent-Type: text/html\r\n\r\n<p>';
    writeFileSync(path.join(folder, 'early.html'), page);
    const texts = mended(web(a, 'answer_503 = "early.html"\n'));
    const right = 'HTTP/1.1 503 x\r\nContent-Type: text/html\r\n\r\n<p>';
    assert.equal(texts.get(path.join(folder, 'early.html')), right);
  });
});
