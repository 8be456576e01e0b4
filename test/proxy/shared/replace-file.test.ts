/** On Windows a file cannot be replaced while somebody reads it: it is tried again. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { replaceFile } from '../../../proxy/shared/replace-file.ts';

function mover(refusals: readonly string[]) {
  const left = [...refusals];
  const moved: string[] = [];
  const move = async (from: string, to: string): Promise<void> => {
    const code = left.shift();
    if (code !== undefined) throw Object.assign(new Error(code), { code });
    moved.push(`${from} ${to}`);
  };
  return { move, moved };
}

describe('replaceFile', () => {
  it('tries again while the old file is held open', async () => {
    const { move, moved } = mover(['EPERM', 'EBUSY', 'EACCES']);
    await replaceFile('new', 'old', 'win32', move);
    assert.deepEqual(moved, ['new old']);
  });

  it('gives up in the end, with the reason of the system', async () => {
    const { move } = mover(Array.from({ length: 20 }, () => 'EPERM'));
    await assert.rejects(replaceFile('new', 'old', 'win32', move), { code: 'EPERM' });
  });

  it('does not wait for what waiting does not mend', async () => {
    const full = mover(['ENOSPC']);
    await assert.rejects(replaceFile('new', 'old', 'win32', full.move), { code: 'ENOSPC' });
    const unix = mover(['EPERM']);
    await assert.rejects(replaceFile('new', 'old', 'linux', unix.move), { code: 'EPERM' });
  });
});
