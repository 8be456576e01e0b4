/** `npm run fuzz` as a program: what it prints and how it exits. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';

const program = path.resolve(import.meta.dirname, '../../scripts/fuzz.js');

async function run(...args: string[]): Promise<{ stdout: string; stderr: string; code?: number }> {
  const { stdout, stderr, exitCode } = await execa('node', [program, ...args], { reject: false });
  return { stdout, stderr, ...(exitCode !== undefined && { code: exitCode }) };
}

describe('npm run fuzz', () => {
  it('prints the seed and the rate', async () => {
    const { stdout, code } = await run('--target', 'chunk', '--inputs', '5000', '--seed', '9');
    assert.match(stdout, /^seed 9\nchunk: 5,000 inputs in [\d.]+ s \([\d,]+\/s\), .* 0 failures/);
    assert.equal(code, 0);
  });

  it('replays one input', async () => {
    const { stdout, code } = await run('--target', 'chunk', '--replay', '"0\\r\\n\\r\\n"');
    assert.match(stdout, /^chunk: fine \(done /);
    assert.equal(code, 0);
  });

  it('refuses an input that is no text', async () => {
    const { stderr, code } = await run('--replay', 'GET /');
    assert.match(stderr, /Give a text in JSON/);
    assert.equal(code, 2);
  });

  it('refuses a target that there is not', async () => {
    const { stderr, code } = await run('--target', 'chunks');
    assert.match(stderr, /Allowed choices are head, /);
    assert.equal(code, 2);
  });
});
