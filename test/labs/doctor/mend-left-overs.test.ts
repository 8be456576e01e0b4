/** `lab doctor --fix` and what a run that was killed has left. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openPseudoTerminal } from '../../../labs/check/pseudo-terminal.ts';
import { instanceFolder } from '../../../labs/harness/run/run-folder.ts';
import { describeLease } from '../../../vms/sweep.ts';
import { LabHome } from '../../support/lab-command.ts';
import { onlyPrograms } from '../../support/only-programs.ts';

const main = path.resolve(import.meta.dirname, '../../../bin/lab.js');
const skip = process.platform !== 'linux' && 'elsewhere nothing tells whose a process is';

describe('lab doctor --fix', { skip }, () => {
  let home: LabHome;
  /** Without apt-get: whatever this computer lacks, the test installs nothing. */
  let PATH: string;
  before(async () => {
    home = await LabHome.open();
    const programs = ['env', 'ip', 'node', 'nsenter', 'sh', 'stty', 'unshare', 'which'];
    PATH = onlyPrograms(path.join(home.folder, 'programs'), ...programs);
  });
  after(() => home.remove());

  async function killedRun(): Promise<void> {
    const lab = home.start(['run', 'load-balance', '--machines', 'process', '--no-browser']);
    await lab.said(/1\/\d/);
    lab.kill('SIGKILL');
    await lab.ended;
    assert.ok((await leftOvers()) > 0);
  }

  async function leftOvers(): Promise<number> {
    return (await describeLease(instanceFolder(home.folder, home.instance))).length;
  }

  it('asks before it removes them', async t => {
    await killedRun();
    const silent = await home.run(['doctor', '--no-browser', '--fix'], { PATH });
    assert.match(silent.stdout, /! left over +instance \d, of a run that has died/);
    assert.match(silent.stdout, /Not done: nobody can be asked/);
    assert.ok((await leftOvers()) > 0, 'nothing without consent');

    const env = { ...process.env, LAB_HOME: home.folder, LAB_LANG: 'en' };
    const flags = ['--no-browser', '--fix', '--instance', String(home.instance)];
    /** To the first question; whatever else is wanting on this computer is answered with no. */
    const answer = async (keys: string): Promise<void> => {
      const argv = ['env', `PATH=${PATH}`, process.execPath, main, 'doctor', ...flags];
      const terminal = openPseudoTerminal({ argv, cwd: home.folder, env, rows: 200 });
      t.after(() => terminal.close());
      await terminal.until('it asks', /left over: [\s\S]*Do it now\? \[y\/N\]/, 90_000);
      terminal.type(keys);
      for (let questions = 2; ; questions += 1) {
        const next = new RegExp(`(Do it now[\\s\\S]*){${questions}}`);
        const asked = terminal.until('it asks again', next, 90_000).then(() => true);
        if (!(await Promise.race([asked.catch(() => false), terminal.ended.then(() => false)]))) {
          break;
        }
        terminal.type('\r');
      }
      await terminal.ended;
    };
    await answer('y\r');
    assert.equal(await leftOvers(), 0);
    await home.assertNothingLeft();
  });

  it('needs no question with --yes, and looks again', async () => {
    await killedRun();
    const { stdout } = await home.run(['doctor', '--no-browser', '--fix', '--yes'], { PATH });
    assert.match(stdout, /! left over[\s\S]*Done\.[\s\S]*✔ ports/);
    assert.equal(await leftOvers(), 0);
    await home.assertNothingLeft();
  });
});
