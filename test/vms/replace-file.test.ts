/** On Windows a file cannot be replaced while somebody reads it: it is tried again. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { replaceFile } from '../../vms/replace-file.ts';

function mover(refusals: readonly string[]) {
  const left = [...refusals];
  const moved: string[] = [];
  const move = (from: string, to: string): void => {
    const code = left.shift();
    if (code !== undefined) throw Object.assign(new Error(code), { code });
    moved.push(`${from} ${to}`);
  };
  return { move, moved };
}

describe('replaceFile', () => {
  it('tries again while the old file is held open', () => {
    const { move, moved } = mover(['EPERM', 'EBUSY', 'EACCES']);
    replaceFile('new', 'old', 'win32', move);
    assert.deepEqual(moved, ['new old']);
  });

  it('gives up in the end, with the reason of the system', () => {
    const { move } = mover(Array.from({ length: 20 }, () => 'EPERM'));
    assert.throws(() => replaceFile('new', 'old', 'win32', move), { code: 'EPERM' });
  });

  it('does not wait for what waiting does not mend', () => {
    assert.throws(() => replaceFile('new', 'old', 'win32', mover(['ENOSPC']).move), {
      code: 'ENOSPC',
    });
    assert.throws(() => replaceFile('new', 'old', 'linux', mover(['EPERM']).move), {
      code: 'EPERM',
    });
  });
});
