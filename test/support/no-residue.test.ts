/** The watch must see what is left, or every test that trusts it proves nothing. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { watchResidue } from './no-residue.ts';

const notLinux = process.platform !== 'linux' && 'reads /proc';
const notRoot = process.getuid?.() !== 0 && 'only root makes named namespaces';

describe('watchResidue', () => {
  it('is content with a run that leaves nothing', async () => {
    const watch = await watchResidue();
    await execa(process.execPath, ['-e', ''], { env: watch.env });
    await watch.assertNothingLeft();
  });

  it('sees a process that outlives the run, though its parent is gone', {
    skip: notLinux,
  }, async () => {
    const watch = await watchResidue();
    const script = `const child = require('node:child_process').spawn(process.execPath,
      ['-e', 'setTimeout(() => {}, 60000)'], { detached: true, stdio: 'ignore' });
      child.unref(); process.stdout.write(String(child.pid));`;
    const { stdout: pid } = await execa(process.execPath, ['-e', script], { env: watch.env });
    try {
      await assert.rejects(watch.assertNothingLeft({ deadlineMs: 100 }), error =>
        String(error).includes(`process ${pid}: `),
      );
    } finally {
      process.kill(Number(pid), 'SIGKILL');
    }
  });

  it('waits for what is just ending', { skip: notLinux }, async () => {
    const watch = await watchResidue();
    const env = { ...process.env, ...watch.env };
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 300)'], { env });
    await watch.assertNothingLeft();
    if (child.exitCode === null) await once(child, 'exit');
  });

  it('sees a file in the home and in the temporary folder', async () => {
    const watch = await watchResidue();
    for (const place of ['HOME', 'TMPDIR']) {
      await writeFile(path.join(watch.env[place] ?? '', 'crumb'), '');
    }
    await assert.rejects(
      watch.assertNothingLeft({ deadlineMs: 50 }),
      /file home\/crumb[\s\S]*file tmp\/crumb/,
    );
  });

  it('sees a network namespace that no process holds', { skip: notLinux || notRoot }, async () => {
    const watch = await watchResidue();
    const name = `relais-test-${process.pid}`;
    await execa('ip', ['netns', 'add', name]);
    try {
      await assert.rejects(watch.assertNothingLeft({ deadlineMs: 50 }), new RegExp(name));
    } finally {
      await execa('ip', ['netns', 'delete', name]);
    }
  });
});
