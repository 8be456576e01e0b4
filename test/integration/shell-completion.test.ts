/** Completion in real shells, asking a real proxy. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { runInProcess } from '../support/run-in-process.ts';
import { makeFolder, relaisProgram, startProxy } from '../support/start-proxy.ts';

const run = promisify(execFile);

const config = `
  log_level = "warn"
  worker_count = 1
  [[listeners]]
  address = "127.0.0.1:0"
  protocol = "http"
  [clusters.web]
  protocol = "http"
  frontends = []
  backends = [{ address = "127.0.0.1:1", backend_id = "one" }, { address = "127.0.0.1:12" }]
  [clusters.webshop]
  protocol = "http"
  frontends = []
  backends = [{ address = "127.0.0.1:3" }]
`;

/** A folder for PATH in which `relais` is this build. */
async function programFolder(test: TestContext): Promise<string> {
  const folder = await makeFolder(test);
  const file = path.join(folder, 'relais');
  await writeFile(file, `#!/bin/sh\nexec "${process.execPath}" "${relaisProgram}" "$@"\n`);
  await chmod(file, 0o755);
  return folder;
}

async function isInstalled(shell: string): Promise<boolean> {
  return run(shell, ['-c', 'true']).then(
    () => true,
    () => false,
  );
}

describe('relais completion', () => {
  it('completes verbs, options and the names of a running proxy in bash', async test => {
    const proxy = await startProxy(test, { config });
    const folder = await programFolder(test);
    const env = { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
    const complete = async (line: string): Promise<string[]> => {
      // Bash itself splits the words at blanks and colons; the function may only rely on the line.
      const script = `
        source <(relais completion bash)
        COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:'
        COMP_LINE=$1; COMP_POINT=\${#1}
        _relais
        printf '%s\\n' "\${COMPREPLY[@]}"`;
      const { stdout } = await run('bash', ['-c', script, 'bash', line], { env });
      return stdout.split('\n').filter(word => word !== '');
    };
    const relais = `relais -s ${proxy.socketPath}`;
    assert.deepEqual(await complete('relais stat'), ['status', 'state']);
    assert.deepEqual(await complete('relais cluster health-check '), ['set', 'remove', 'list']);
    assert.deepEqual(await complete('relais backend list --w'), ['--workers']);
    assert.deepEqual(await complete('relais logging d'), ['debug']);
    assert.deepEqual(await complete(`${relais} cluster remove -i web`), ['web', 'webshop']);
    assert.deepEqual(await complete(`${relais} backend remove -i web -a `), [
      '127.0.0.1:1',
      '127.0.0.1:12',
    ]);
    // What stands before the colon is there already.
    assert.deepEqual(await complete(`${relais} backend remove -i web -a 127.0.0.1:1`), ['1', '12']);
    assert.deepEqual(await complete(`${relais} listener remove --address=`), [
      `--address=${proxy.addresses[0]}`,
    ]);
  });

  it('offers no names when the proxy cannot be asked', async () => {
    const ended = await runInProcess(
      '__complete',
      '-s',
      '/nowhere.sock',
      'cluster',
      'remove',
      '-i',
      '',
    );
    assert.deepEqual(ended, { code: 0, out: '', err: '' });
  });

  for (const shell of ['zsh', 'fish']) {
    it(`prints what ${shell} can read`, async test => {
      if (!(await isInstalled(shell))) {
        test.skip(`${shell} is not installed here`);
        return;
      }
      const { out } = await runInProcess('completion', shell);
      const folder = await makeFolder(test, { script: out });
      await run(shell, ['-n', path.join(folder, 'script')]);
    });
  }
});
