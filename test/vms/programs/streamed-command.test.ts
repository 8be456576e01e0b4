import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { MachineError } from '../../../vms/errors.ts';
import { identify } from '../../../vms/programs/process-identity.ts';
import { runStreamed, type StreamedLine } from '../../../vms/programs/streamed-command.ts';
import { eventually } from '../../support/eventually.ts';
import { standInVagrant } from '../../support/stand-in-vagrant.ts';

const { place, remove } = standInVagrant();
after(remove);
const env = place.env ?? {};

describe('runStreamed', () => {
  it('keeps both streams apart and tells their lines', async () => {
    const told: StreamedLine[] = [];
    const script = 'console.log("one\\ntwo"); console.error("three"); process.exitCode = 7';
    const result = await runStreamed([process.execPath, '-e', script], {
      onLine: line => told.push(line),
    });
    assert.deepEqual(result, { exitCode: 7, stdout: 'one\ntwo\n', stderr: 'three\n' });
    const texts = (stream: string): string[] =>
      told.filter(line => line.stream === stream).map(({ text }) => text);
    assert.deepEqual(texts('stdout'), ['one', 'two']);
    assert.deepEqual(texts('stderr'), ['three']);
  });

  it('goes on to SIGTERM when SIGINT does not end it', async () => {
    const stop = new AbortController();
    const told: string[] = [];
    await assert.rejects(
      runStreamed(['vagrant', 'stubborn'], {
        env,
        signal: stop.signal,
        graceMs: 200,
        onLine: ({ text }) => {
          told.push(text);
          stop.abort();
        },
      }),
      (error: unknown) => error instanceof MachineError && error.code === 'VM_ABORTED',
    );
    assert.deepEqual(told.slice(1), ['got SIGINT', 'got SIGTERM']);
  });

  it('ends what the program has started, too', async () => {
    const stop = new AbortController();
    let child = 0;
    const script = `
      const { spawn } = require('node:child_process');
      process.on('SIGINT', () => {});
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 60000)']);
      console.log(child.pid);`;
    await assert.rejects(
      runStreamed([process.execPath, '-e', script], {
        signal: stop.signal,
        graceMs: 200,
        onLine: ({ text }) => {
          child = Number(text);
          stop.abort();
        },
      }),
    );
    assert.ok(child > 0);
    await eventually('the child has ended', () => identify(child) === undefined);
  });

  it('does not start when it was told to stop before', async () => {
    const signal = AbortSignal.abort();
    await assert.rejects(runStreamed(['vagrant', 'up'], { env, signal }), /Stopped before the end/);
  });
});
