/** How each shell is told where it is, without losing what the learner has set. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { learnerShell, quoted } from '../../../labs/stage/learner-shell.ts';

const request = { lab: 'canary', bin: "/tmp/it's/bin", home: '/home/ada', zdotdir: undefined };

describe('learnerShell', () => {
  it('reads the own settings first in bash and zsh', () => {
    const bash = learnerShell({ ...request, program: '/usr/bin/bash' });
    assert.match(Object.values(bash.files).join(''), /^\[ -f '\/home\/ada\/\.bashrc' \]/);
    const zsh = learnerShell({ ...request, program: 'zsh', zdotdir: '/home/ada/z' });
    assert.match(Object.values(zsh.files).join(''), /ZDOTDIR='\/home\/ada\/z' && \. /);
  });

  it('takes any other shell for one of POSIX', () => {
    for (const program of ['/bin/dash', '/opt/odd', undefined]) {
      const { argv, env, files } = learnerShell({ ...request, program });
      assert.deepEqual(argv, [program ?? '/bin/sh', '-i']);
      assert.ok(Object.keys(files).includes(env['ENV'] ?? ''));
    }
  });

  it('on Windows is Git Bash, which knows folders by other names', () => {
    const program = 'C:\\Program Files\\Git\\bin\\bash.exe';
    const places = { bin: 'C:\\lab\\bin', home: 'C:\\Users\\ada' };
    const { argv, files } = learnerShell({ ...request, ...places, program }, 'win32');
    const file = 'C:\\lab\\bin\\shell.bash';
    assert.deepEqual(argv, [program, '--rcfile', file, '-i']);
    assert.deepEqual(Object.keys(files), [file]);
    assert.match(files[file] ?? '', /^\[ -f '\/c\/Users\/ada\/\.bashrc' \]/);
    assert.match(files[file] ?? '', /^PATH='\/c\/lab\/bin':"\$PATH"; export PATH$/m);
  });

  it('quotes whatever a path may hold', () => {
    assert.equal(quoted("it's"), `'it'\\''s'`);
  });
});
