/** `lab shell` from another terminal, in every shell that is here, typed by hand. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { openPseudoTerminal, type PseudoTerminal } from '../../../labs/check/pseudo-terminal.ts';
import { MAX_INSTANCE } from '../../../vms/address-plan.ts';
import { eventually } from '../../support/eventually.ts';
import { LabHome } from '../../support/lab-command.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
const home = await LabHome.open();
const { instance } = home;
const shells = ['bash', 'zsh', 'fish', 'dash'];

function find(program: string): string {
  return spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();
}

describe('lab shell', () => {
  // fish goes on writing into it when it has ended.
  const own = mkdtempSync(path.join(tmpdir(), 'shell-home-'));
  const env = { ...process.env, LAB_HOME: home.folder, LAB_LANG: 'en', HOME: own };

  before(async () => {
    const up = await home.run(['up', 'webapp1', '--machines', 'process']);
    assert.equal(up.code, 0, up.stderr);
  });
  after(async () => {
    await home.run(['clean', '--yes']);
    await home.assertNothingLeft();
    await home.remove();
    await eventually('nobody writes into the home', () => {
      rmSync(own, { recursive: true, force: true });
      return true;
    });
  });

  function open(t: TestContext, shell: string): PseudoTerminal {
    const argv = ['npm', 'run', 'lab', '--', 'shell', '--instance', String(instance)];
    const terminal = openPseudoTerminal({ argv, cwd: root, env: { ...env, SHELL: shell } });
    t.after(() => terminal.close());
    return terminal;
  }

  for (const name of shells) {
    const shell = find(name);
    const skip = shell === '' ? `${name} is not installed` : false;
    it(`opens ${name} in which the commands work as printed`, { skip }, async t => {
      const terminal = open(t, shell);
      await terminal.until('the prompt names the lab', /Leave with exit[\s\S]*\(lab [a-z]+\) /);
      terminal.type('relais backend list\r');
      await terminal.until('the proxy answers', /webapp1.*closed/);
      terminal.type('lab status; ls\r');
      await terminal.until('the lab is known', /webapp1 .*running[\s\S]*relais\.toml/);
      terminal.type('exit\r');
      assert.equal(await terminal.ended, 0);
    });
  }

  it('makes the commands work in a shell that is open already', () => {
    const lab = `'${process.execPath}' '${path.join(root, 'dist/bin/lab.js')}'`;
    const lines = `eval "$(${lab} env --instance ${instance})" && relais backend list && lab status`;
    const { stdout, stderr } = spawnSync('sh', ['-c', lines], { env, cwd: '/', encoding: 'utf8' });
    assert.match(stdout, /webapp1[\s\S]*lab .*process/, stderr);
  });

  it('says what to do where no lab runs', async () => {
    const other = 1 + (instance % MAX_INSTANCE);
    const refusal = `No lab runs on instance ${other}. Start one first: lab up --instance ${other}\n`;
    const { code, stderr } = await home.run(['shell', '--instance', String(other)]);
    assert.equal(code, 4);
    assert.ok(stderr.endsWith(refusal), stderr);
  });
});
