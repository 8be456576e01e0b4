import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { describe, it } from 'node:test';

const program = path.resolve(import.meta.dirname, '../../../scripts/setup.js');

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function setup(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const options = { env: { ...process.env, NO_COLOR: '1', ...env }, timeout: 60_000 };
  return new Promise(resolve => {
    execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

describe('setup', () => {
  // The test itself must install nothing: a named browser is never replaced.
  it('names a wrong RELAIS_BROWSER and exits 1', async () => {
    const { code, stdout } = await setup([], { RELAIS_BROWSER: '/no/such/browser' });
    assert.equal(code, 1);
    assert.match(stdout, /– no browser\n/);
    assert.match(stdout, /✘ RELAIS_BROWSER is set to "\/no\/such\/browser", but .* does not exist/);
    assert.match(stdout, /To fix it, set RELAIS_BROWSER to the path/);
  });

  it('refuses wrong flags with 2 and the nearest one', async () => {
    const { code, stderr } = await setup(['--yess']);
    assert.equal(code, 2);
    assert.match(stderr, /Did you mean --yes\?/);
  });
});
