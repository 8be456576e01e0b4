/** A program in a terminal of its own: it believes in it, is read, typed to, resized and ended. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import {
  openPseudoTerminal,
  type PseudoTerminal,
  type TerminalProgram,
} from '../../../labs/check/pseudo-terminal.ts';
import { eventually } from '../../support/eventually.ts';

function open(
  context: TestContext,
  script: string,
  fields: Partial<TerminalProgram> = {},
): PseudoTerminal {
  const argv = ['sh', '-c', script];
  const terminal = openPseudoTerminal({ argv, cwd: '/', env: process.env, ...fields });
  context.after(() => terminal.close());
  return terminal;
}

describe('a pseudo-terminal', () => {
  it('is a terminal of the size asked for, in the folder and with the variables given', async t => {
    const script = 'test -t 0 && test -t 1 && stty size; pwd; echo "$TERM $SHELL $NAME"';
    const env = { PATH: process.env['PATH'], NAME: "it's me", SHELL: '/bin/odd' };
    const terminal = open(t, script, { cwd: '/usr', env, columns: 77, rows: 20 });
    assert.equal(await terminal.ended, 0);
    assert.equal(terminal.transcript(), "20 77\n/usr\nxterm-256color /bin/odd it's me\n");
  });

  it('shows what is drawn, not what is sent', async t => {
    const terminal = open(t, "printf 'wrong\\rright\\n\\033[5;3H\\342\\234\\224 here'; read x");
    const text = await terminal.until('the mark is drawn', /✔ here/);
    assert.equal(text.trimEnd(), 'right\n\n\n\n  ✔ here');
  });

  it('passes on keys, and echoes them as a terminal does', async t => {
    const terminal = open(t, 'read line; echo "got $line"');
    terminal.type('héllo\r');
    await terminal.until('the line came', /^héllo\ngot héllo$/m);
    assert.equal(await terminal.ended, 0);
  });

  it('joins a line that the terminal wrapped', async t => {
    const terminal = open(t, `echo ${'x'.repeat(90)}`, { columns: 40 });
    await terminal.ended;
    assert.equal(terminal.transcript(), `${'x'.repeat(90)}\n`);
    assert.deepEqual(terminal.lines().slice(0, 3), [
      'x'.repeat(40),
      'x'.repeat(40),
      'x'.repeat(10),
    ]);
  });

  it('interrupts with Ctrl-C, and tells how a program ended', async t => {
    const terminal = open(t, 'echo ready; exec sleep 600');
    await terminal.until('it runs', /ready/);
    terminal.type('\x03');
    assert.equal(await terminal.ended, 130);
    assert.equal(await open(t, 'exit 7').ended, 7);
  });

  it('tells the program when the window changes its size', async t => {
    const terminal = open(t, "trap 'stty size' WINCH; echo ready; while :; do sleep 0.05; done");
    await terminal.until('it runs', /ready/);
    terminal.resize({ columns: 50, rows: 12 });
    await terminal.until('it was told', /12 50/);
    assert.equal(terminal.lines().length, 12);
  });

  it('knows the alternate screen and whether the cursor is shown', async t => {
    const terminal = open(
      t,
      "printf '\\033[?1049h\\033[?25l'; echo in; read x; printf '\\033[?25h\\033[?1049l'; echo out",
    );
    await terminal.until('it is there', /in/);
    assert.deepEqual([terminal.isAlternate, terminal.isCursorShown], [true, false]);
    terminal.type('\r');
    await terminal.until('it is back', /out/);
    assert.deepEqual([terminal.isAlternate, terminal.isCursorShown], [false, true]);
  });

  it('says what the screen shows when what is awaited does not come', async t => {
    const terminal = open(t, 'echo something else; read x');
    await assert.rejects(
      terminal.until('the answer', /never/, 300),
      /the answer: not within 300 ms; the screen is\nsomething else/,
    );
    const gone = open(t, 'echo bye');
    await assert.rejects(gone.until('more', /never/), /more: the program ended 0\nbye/);
  });

  it('leaves no process when it is closed', async t => {
    const terminal = open(t, 'echo ready; exec sleep 600');
    await terminal.until('it runs', /ready/);
    const [pid] = terminal.pids();
    assert.ok(pid !== undefined);
    await terminal.close();
    await eventually('the program is gone', () => !existsSync(`/proc/${pid}`));
  });
});
