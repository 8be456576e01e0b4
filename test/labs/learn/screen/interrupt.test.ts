/** Ctrl-C in raw mode, on every system. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { interruptOurselves } from '../../../../labs/learn/screen/live-screen.ts';

function told(): { readonly said: string[] } & Parameters<typeof interruptOurselves>[1] & object {
  const said: string[] = [];
  const kill = (pid: number, signal?: string | number): true => {
    said.push(`kill ${pid} ${signal}`);
    return true;
  };
  const emit = (...words: readonly unknown[]): boolean => {
    said.push(`emit ${words.join(' ')}`);
    return true;
  };
  return { said, pid: 12, kill, emit: emit as NodeJS.Process['emit'] };
}

describe('interruptOurselves', () => {
  it('is the signal on Unix', () => {
    const to = told();
    interruptOurselves('darwin', to);
    assert.deepEqual(to.said, ['kill 12 SIGINT']);
  });

  it('never sends one on Windows, where it would end the program at once', () => {
    const to = told();
    interruptOurselves('win32', to);
    assert.deepEqual(to.said, ['emit SIGINT SIGINT']);
  });
});
