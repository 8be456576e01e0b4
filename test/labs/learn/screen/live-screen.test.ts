/** The screen in a real terminal: it redraws in place, reads keys, and always gives back what it took. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import {
  openPseudoTerminal,
  type PseudoTerminal,
  type TerminalProgram,
} from '../../../../labs/check/pseudo-terminal.ts';

const program = path.resolve(import.meta.dirname, '../front-program.js');

function open(t: TestContext, fields: Partial<TerminalProgram> = {}): PseudoTerminal {
  const argv = [process.execPath, program];
  const terminal = openPseudoTerminal({
    argv,
    cwd: '/',
    env: { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '' },
    columns: 90,
    rows: 40,
    ...fields,
  });
  t.after(() => terminal.close());
  return terminal;
}

async function drawn(terminal: PseudoTerminal): Promise<PseudoTerminal> {
  await terminal.until('the screen is drawn', /Pull the plug on one[\s\S]*\? keys/);
  return terminal;
}

function assertGivenBack(terminal: PseudoTerminal): void {
  assert.deepEqual([terminal.isAlternate, terminal.isCursorShown], [false, true]);
}

describe('the live screen', () => {
  it('tells what is under way, then draws, and turns keys into requests', async t => {
    const terminal = open(t);
    await terminal.until('the progress is told', /… Starting webapp1/);
    await drawn(terminal);
    assert.deepEqual([terminal.isAlternate, terminal.isCursorShown], [true, false]);
    terminal.type('n');
    await terminal.until('next is asked for', /! \{"kind":"next"\}/);
    terminal.type('\x1b[5~\x1b[1;5C');
    terminal.type('h');
    await terminal.until('a hint is asked for', /! \{"kind":"hint"\}/);
    terminal.type('\x1b[200~n\rn s q\x1b[201~u');
    await terminal.until('the last of many views is shown', /500 requests/);
  });

  it('asks for a step, a reason and an answer with a second key', async t => {
    const terminal = await drawn(open(t));
    terminal.type('g');
    await terminal.until('the steps are listed', /── Steps[\s\S]*1–4 go to this step · Esc back/);
    terminal.type('2');
    await terminal.until('it goes there', /"go-to","step":2/);
    terminal.type('w');
    await terminal.until('the reason is shown', /line one/);
    terminal.type('2');
    await terminal.until('another reason is asked for', /"why","check":2/);
    terminal.type('r');
    await terminal.until('it asks back', /Begin again\?[\s\S]*y yes · n no/);
    terminal.type('y');
    await terminal.until('yes is told', /"yes"/);
    terminal.type('t');
    await terminal.until('it is French', /n suite/);
    terminal.type('ro');
    await terminal.until('o is oui', /"yes"/);
  });

  it('takes a prediction, and only one that exists', async t => {
    const terminal = await drawn(open(t, { argv: [process.execPath, program, 'predicting'] }));
    terminal.type('3');
    terminal.type('2');
    const text = await terminal.until('the choice is told', /"choice"/);
    assert.match(text, /"predict","choice":2/);
  });

  it('says where to look when no browser can be opened', async t => {
    const terminal = await drawn(open(t));
    terminal.type('o');
    await terminal.until('the address is told', /Open it yourself: http:\/\/localhost:8080\//);
  });

  it('follows the window, and says when it has become too small', async t => {
    const terminal = await drawn(open(t));
    terminal.resize({ columns: 60, rows: 20 });
    const text = await terminal.until('it is drawn anew', /\? keys$/);
    assert.equal(text.split('\n').length, 20);
    terminal.resize({ columns: 30, rows: 20 });
    await terminal.until('it says so', /too small/);
    terminal.resize({ columns: 90, rows: 40 });
    await drawn(terminal);
  });

  it('gives the terminal back when it is left, interrupted, ended or broken', async t => {
    const ways: readonly [string, (terminal: PseudoTerminal) => void, RegExp][] = [
      ['q', terminal => terminal.type('q'), /left by quit/],
      ['Ctrl-C', terminal => terminal.type('\x03'), /left by SIGINT/],
      ['SIGTERM', terminal => process.kill(terminal.pids()[0] ?? 0, 'SIGTERM'), /left by SIGTERM/],
      ['an error', terminal => terminal.type('k'), /nobody catches this/],
    ];
    for (const [name, leave, told] of ways) {
      const terminal = await drawn(open(t));
      leave(terminal);
      await terminal.ended;
      assertGivenBack(terminal);
      assert.match(terminal.transcript(), told, name);
    }
  });

  it('stops with Ctrl-Z, and comes back with fg as if nothing had been', async t => {
    const argv = ['bash', '--norc', '--noprofile', '-i'];
    const terminal = open(t, { argv, env: { ...process.env, PS1: 'shell> ' } });
    await terminal.until('the shell is ready', /shell>/);
    terminal.type(`'${process.execPath}' '${program}'\r`);
    await drawn(terminal);
    terminal.type('\x1a');
    await terminal.until('the shell is back', /Stopped[\s\S]*shell>\s*$/);
    assertGivenBack(terminal);
    terminal.type('stty -a | tr ";" "\\n" | grep -o -- "-*icanon"\r');
    await terminal.until('lines are edited again', /^icanon$/m);
    terminal.type('fg\r');
    await drawn(terminal);
    terminal.type('h');
    await terminal.until('keys are read again', /"hint"/);
    terminal.type('q');
    await terminal.until('the shell is back', /left by quit[\s\S]*shell>\s*$/);
    assertGivenBack(terminal);
    terminal.type('exit\r');
    assert.equal(await terminal.ended, 0);
  });

  it('draws no colour when it is told so, and is sentences where no screen can be', async t => {
    const plain = [
      open(t, { env: { ...process.env, TERM: 'dumb' } }),
      open(t, { env: { ...process.env, CI: 'true' } }),
      open(t, { columns: 39 }),
      open(t, { rows: 14 }),
      open(t, { argv: [process.execPath, program, 'plain'] }),
    ];
    for (const terminal of plain) {
      await terminal.until('a sentence is told', /Type a word and Enter|Step 3/);
      assert.equal(terminal.isAlternate, false);
    }
    const piped = spawnSync(process.execPath, [program], { input: '', encoding: 'utf8' });
    assert.match(piped.stdout, /Sentences instead of a screen: this is no terminal\./);
    assert.ok(!piped.stdout.includes('\x1b'));
  });
});
