/** The command lines of Windows' own tools, and what is remembered of their answers. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StartTimes } from '../../../vms/programs/start-times.ts';
import {
  killTreeCommand,
  startTimeQuestion,
  suspendCommand,
} from '../../../vms/programs/windows-tools.ts';

function scriptOf(command: readonly string[]): string {
  const [program, ...words] = command;
  assert.equal(program, 'powershell.exe');
  assert.deepEqual(words.slice(0, 3), ['-NoProfile', '-NonInteractive', '-EncodedCommand']);
  assert.match(words[3] ?? '', /^[A-Za-z0-9+/=]+$/, 'no quote and no blank for a parser to lose');
  return Buffer.from(words[3] ?? '', 'base64').toString('utf16le');
}

describe('tools of Windows', () => {
  it('taskkill takes all processes at once, with what they have started', () => {
    const words = ['taskkill', '/F', '/T', '/PID', '12', '/PID', '34'];
    assert.deepEqual(killTreeCommand([12, 34]), words);
  });

  it('PowerShell is asked when a process began', () => {
    const script = scriptOf(startTimeQuestion(812));
    assert.equal(script, '(Get-Process -Id 812).StartTime.ToFileTimeUtc()');
  });

  it('PowerShell suspends and resumes, and fails when ntdll does', () => {
    for (const how of ['Suspend', 'Resume'] as const) {
      const script = scriptOf(suspendCommand(812, how));
      assert.match(script, new RegExp(`::Nt${how}Process\\(\\(Get-Process -Id 812\\)\\.Handle\\)`));
      assert.match(script, /\$ErrorActionPreference = 'Stop'/);
      assert.match(script, /if \(\$status -ne 0\) \{ throw/);
    }
  });
});

describe('start times', () => {
  function clocked() {
    const world = { now: 0, there: true, started: '100' as string | undefined, asked: 0 };
    const times = new StartTimes({
      ask: () => {
        world.asked += 1;
        return world.started;
      },
      isThere: () => world.there,
      now: () => world.now,
    });
    return { world, times };
  }

  it('are asked for once a minute', () => {
    const { world, times } = clocked();
    for (world.now = 0; world.now < 59_000; world.now += 1_000)
      assert.equal(times.of(7, false), '100');
    assert.equal(world.asked, 1);
    world.now = 61_000;
    world.started = '200';
    assert.equal(times.of(7, false), '200');
  });

  it('are asked for anew before something is done', () => {
    const { world, times } = clocked();
    times.of(7, false);
    world.started = '200';
    assert.equal(times.of(7, true), '200', 'another process has the pid now');
    assert.equal(world.asked, 2);
  });

  it('are forgotten when the process has gone, without asking', () => {
    const { world, times } = clocked();
    times.of(7, false);
    world.there = false;
    assert.equal(times.of(7, false), undefined);
    assert.equal(world.asked, 1);
    world.there = true;
    world.started = '200';
    assert.equal(times.of(7, false), '200');
  });

  it('are unknown when the tool does not say', () => {
    const { world, times } = clocked();
    world.started = undefined;
    assert.equal(times.of(7, false), undefined);
  });
});
