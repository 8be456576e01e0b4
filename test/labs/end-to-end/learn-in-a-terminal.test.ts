/** `lab learn` in a real terminal, by somebody who types what the screen says and nothing else. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it, type TestContext } from 'node:test';
import { catalogue } from '../../../labs/catalogue/catalogue.ts';
import { openPseudoTerminal, type PseudoTerminal } from '../../../labs/check/pseudo-terminal.ts';
import { LabHome } from '../../support/lab-command.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
const home = await LabHome.open();
const { instance } = home;

describe('lab learn in a terminal', () => {
  const env = { ...process.env, LAB_HOME: home.folder, LAB_LANG: 'en' };
  after(() => home.remove());

  function open(t: TestContext, words: readonly string[]): PseudoTerminal {
    const argv = ['npm', 'run', 'lab', '--', ...words, '--instance', String(instance)];
    // Long lines are whole, so that they can be typed as they are read.
    const terminal = openPseudoTerminal({ argv, cwd: root, env, columns: 160, rows: 50 });
    t.after(() => terminal.close());
    return terminal;
  }

  async function learnToTheEnd(t: TestContext, lab: string): Promise<void> {
    const steps = catalogue.find(({ id }) => id === lab)?.steps.length ?? assert.fail();
    const words = ['learn', lab, '--machines', 'process', '--no-browser'];
    const screen = open(t, words);
    await screen.until('the first step', new RegExp(`1/${steps}$`, 'm'));
    const shell = open(t, ['shell']);
    await shell.until('the shell', isPrompted);
    for (let step = 1; step <= steps; step += 1) {
      const title = new RegExp(`${step}/${steps}$`, 'm');
      // The first step may be done before anybody looks; of the others the screen may be half drawn.
      const isBegun = (text: string) => title.test(text) && (step === 1 || !DONE.test(text));
      await screen.until(`step ${step}`, isBegun);
      if (isAsked(screen.text())) screen.type('1');
      await screen.until('the prediction is made', text => !isAsked(text));
      for (const command of commandsOn(screen)) {
        shell.type(`${command}\r`);
        await shell.until(`${command} has ended`, isPrompted, 60_000);
      }
      await screen.until(`step ${step} is done`, DONE, 90_000);
      screen.type('n');
    }
    assert.equal(await screen.ended, 0, screen.transcript());
    const { verdict, byHand } = home.latestResult();
    assert.deepEqual([verdict.kind, byHand], ['pass', true], verdict.because);
    shell.type('exit\r');
    await shell.ended;
    await home.assertNothingLeft();
  }

  it('leads through load-balance to its end', t => learnToTheEnd(t, 'load-balance'));
  it('leads through canary to its end', t => learnToTheEnd(t, 'canary'));

  it('leaves nothing after Ctrl-C, and goes on where it was', async t => {
    const words = ['learn', 'load-balance', '--machines', 'process', '--no-browser'];
    const first = open(t, [...words, '--from', '2']);
    await first.until('the second step', /2\/3$/m);
    first.type('\x03');
    await first.ended;
    await home.assertNothingLeft();
    const second = open(t, words);
    await second.until('the second step again', /2\/3$/m);
    second.type('q');
    assert.equal(await second.ended, 0);
    assert.match(second.transcript(), /0 of 3 steps done this time\. To go on: /);
    await home.assertNothingLeft();
  });

  it('goes on after kill -9, and removes what was left', async t => {
    const words = ['learn', 'load-balance', '--machines', 'process', '--no-browser'];
    const first = open(t, [...words, '--from', '3']);
    await first.until('the third step', /3\/3$/m);
    for (const pid of ownersOfRoom()) process.kill(pid, 'SIGKILL');
    await first.ended;
    const second = open(t, words);
    await second.until('what was left is told', /ended without cleaning up/);
    assert.match(second.text(), /3\/3$/m);
    second.type('q');
    assert.equal(await second.ended, 0);
    await home.assertNothingLeft();
  });
});

/** Of the session alone: its machines and its proxy live on, as after a power cut they would not. */
function ownersOfRoom(): readonly number[] {
  const owners = path.join(home.folder, 'instances', String(instance), 'owners');
  return readdirSync(owners).map(name => Number(name.split('-')[0]));
}

const DONE = /^Done[.:]/m;

/** Nothing stands behind the last prompt. */
function isPrompted(text: string): boolean {
  return /\(lab [a-z-]+\)[^$#%>]*[$#%>]$/.test(text.trimEnd());
}

function isAsked(text: string): boolean {
  return /what will happen\?/.test(text);
}

/** Behind a `$`; a longer one goes on in the lines that follow, as a shell takes it. */
function commandsOn(screen: PseudoTerminal): readonly string[] {
  return screen.lines().flatMap(line => /^\$ (.*)$/.exec(line)?.[1] ?? []);
}
