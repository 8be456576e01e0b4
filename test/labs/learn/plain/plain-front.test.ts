/** A whole session in sentences, with the words coming through a pipe. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { eventually } from '../../../support/eventually.ts';

const program = path.resolve(import.meta.dirname, '../front-program.js');

function open(t: TestContext, ...words: readonly string[]) {
  const child = spawn(process.execPath, [program, ...words], {
    env: { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  let text = '';
  child.stdout.setEncoding('utf8').on('data', part => {
    text += part;
  });
  const ended = new Promise<number | null>(resolve => child.on('close', resolve));
  return {
    type: (line: string) => child.stdin.write(`${line}\n`),
    endInput: () => child.stdin.end(),
    said: (pattern: RegExp) => eventually(`${pattern} is said`, () => pattern.test(text)),
    ended: ended.then(code => ({ code, text })),
  };
}

describe('a session in sentences', () => {
  it('tells, listens in both languages, and ends when it is left', async t => {
    const front = open(t);
    await front.said(/^Starting webapp1$/m);
    await front.said(/^Step 3 of 4/m);
    front.type('indice');
    await front.said(/^\{"kind":"hint"\}$/m);
    front.type('go 2');
    await front.said(/"go-to","step":2/);
    front.type('abracadabra');
    await front.said(/“abracadabra” means nothing here/);
    front.type('ouvrir');
    await front.said(/Open it yourself/);
    front.type('langue');
    await front.said(/Étape 3 sur 4/);
    front.type('quitter');
    const { code, text } = await front.ended;
    assert.equal(code, 0);
    assert.match(text, /left by quit\n$/);
    assert.ok(!text.includes('\x1b'));
  });

  it('is left when nobody can ask any more', async t => {
    const front = open(t);
    await front.said(/Step 3/);
    front.endInput();
    const { text } = await front.ended;
    assert.match(text, /left by quit\n$/);
  });
});
