/** The commands that a lab puts in front of PATH. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { LabShell } from '../../../labs/harness/run/stage.ts';
import { makeLabShell } from '../../../labs/stage/lab-shell.ts';
import type { NativeProgram } from '../../../vms/native-words.ts';
import { mustRun } from '../../../vms/programs/command.ts';

function madeShell(t: TestContext, native: NativeProgram | undefined): Promise<LabShell> {
  const home = mkdtempSync(path.join(tmpdir(), 'lab-shell-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  return makeLabShell({
    configFile: path.join(home, 'relais.toml'),
    marks: { RELAIS_ROOM: home },
    native,
    options: { home, instance: 0, proxyEntry: '/dev/null', language: 'en' },
  });
}

const program = (shell: LabShell, name: string): string =>
  path.join(shell.env['LAB_BIN'] ?? '', name);

describe('makeLabShell', () => {
  it('has the two commands of the kit', async t => {
    const shell = await madeShell(t, undefined);
    assert.deepEqual(readdirSync(shell.env['LAB_BIN'] ?? '').sort(), ['lab', 'relais']);
  });

  it('has what makes the machines, which knows them and carries the marks of the room', async t => {
    const shell = await madeShell(t, {
      name: 'maker',
      argv: ['sh', '-c', 'echo "$FOLDER" "$RELAIS_ROOM" "$@"', 'it is'],
      env: { FOLDER: "where it's at" },
    });
    const told = await mustRun([program(shell, 'maker'), 'halt', 'webapp2']);
    assert.equal(told, `where it's at ${shell.marks['RELAIS_ROOM']} halt webapp2\n`);
  });
});
