/** The shell of the labs' lines, on every system. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { posixShell, shellPath, wordsAsTyped } from '../../../labs/harness/posix-shell.ts';

const env = {
  ProgramFiles: 'C:\\Program Files',
  'ProgramFiles(x86)': 'C:\\Program Files (x86)',
  LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local',
};
const usual = 'C:\\Program Files\\Git\\bin\\bash.exe';
const own = 'C:\\Users\\ada\\AppData\\Local\\Programs\\Git\\bin\\bash.exe';

describe('posixShell', () => {
  it('is sh on Unix, wherever that is', () => {
    assert.equal(posixShell({}, 'linux'), 'sh');
    assert.equal(posixShell({}, 'darwin'), 'sh');
  });

  it('is that of Git on Windows, for everybody or for one user', () => {
    assert.equal(
      posixShell(env, 'win32', () => true),
      usual,
    );
    assert.equal(
      posixShell(env, 'win32', file => file === own),
      own,
    );
  });

  it('never is the bash of WSL, and its absence is told with what to do', () => {
    const wsl = 'C:\\Windows\\System32\\bash.exe';
    assert.throws(() => posixShell(env, 'win32', file => file === wsl), /Install Git for Windows/);
    assert.throws(() => posixShell({}, 'win32', () => true), { code: 'LAB_ENVIRONMENT' });
  });
});

describe('shellPath', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['C:\\lab\\bin', '/c/lab/bin'],
    ['d:/Mes labs/bin', '/d/Mes labs/bin'],
    ['E:\\', '/e/'],
    ['\\\\server\\share\\lab', '//server/share/lab'],
  ];
  for (const [file, named] of cases) {
    it(`${file} is ${named} there`, () => assert.equal(shellPath(file, 'win32'), named));
  }

  it('is left alone on Unix', () => {
    assert.equal(shellPath('/home/ada/a\\b', 'linux'), '/home/ada/a\\b');
  });
});

describe('wordsAsTyped', () => {
  it('keeps Git Bash from rewriting paths of pages', () => {
    assert.deepEqual(Object.keys(wordsAsTyped('win32')), [
      'MSYS_NO_PATHCONV',
      'MSYS2_ARG_CONV_EXCL',
    ]);
    assert.deepEqual(wordsAsTyped('darwin'), {});
  });
});
