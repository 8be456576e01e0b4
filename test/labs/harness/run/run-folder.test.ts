/** Names on disk. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { commandSocketPath, makeRunFolder } from '../../../../labs/harness/run/run-folder.ts';
import { findRun } from '../../../../labs/report/run-files.ts';

describe('makeRunFolder', () => {
  it('gives two runs of one second two folders, and `latest` leads to the later', async test => {
    const home = await mkdtemp(path.join(tmpdir(), 'relais-runs-'));
    test.after(() => rm(home, { recursive: true }));
    const run = { lab: 'load-balance', provider: 'netns', seed: 42 };
    const date = new Date('2026-01-31T10:15:00.500Z');
    const first = await makeRunFolder(home, run, date);
    const second = await makeRunFolder(home, run, date);
    const name = '2026-01-31T10-15-00_load-balance_netns_seed42';
    assert.equal(path.basename(first.folder), name);
    assert.equal(path.basename(second.folder), `${name}_2`);
    assert.equal(await readlink(path.join(home, 'runs/latest')), `${name}_2`);
  });

  it('makes no link on Windows, and no name that Windows forbids', async test => {
    const home = await mkdtemp(path.join(tmpdir(), 'relais-runs-'));
    test.after(() => rm(home, { recursive: true }));
    const run = { lab: 'load-balance', provider: 'process', seed: 42 };
    const { folder } = await makeRunFolder(home, run, new Date('2026-01-31T10:15:00Z'), 'win32');
    assert.deepEqual(await readdir(path.join(home, 'runs')), [path.basename(folder)]);
    assert.doesNotMatch(path.basename(folder), /[<>:"/\\|?*]|[. ]$/);
    assert.equal(await findRun(home, 'latest'), folder);
  });
});

describe('commandSocketPath', () => {
  it('lies in the folder while the path is short enough', () => {
    assert.equal(commandSocketPath('/home/ada/lab'), '/home/ada/lab/relais.sock');
  });

  it('leaves room for the longer name of a second proxy', () => {
    const longest = `/${'x'.repeat(92 - '//relais.sock'.length)}`;
    assert.equal(commandSocketPath(longest, '/tmp'), `${longest}/relais.sock`);
    assert.match(commandSocketPath(`${longest}x`, '/tmp'), /^\/tmp\/relais-/);
  });

  it('moves to the temporary folder for a deep one, the same each time', () => {
    const deep = `/home/${'é'.repeat(60)}/lab`;
    const moved = commandSocketPath(deep, '/tmp');
    assert.match(moved, /^\/tmp\/relais-[0-9a-f]{12}\.sock$/);
    assert.equal(commandSocketPath(deep, '/tmp'), moved);
    assert.notEqual(commandSocketPath(`${deep}2`, '/tmp'), moved);
  });

  it('is shorter on macOS, and of any length on Windows', () => {
    const longest = `/${'x'.repeat(92 - '//relais.sock'.length)}`;
    assert.match(commandSocketPath(longest, '/tmp', 'darwin'), /^\/tmp\/relais-/);
    assert.equal(
      commandSocketPath(longest.slice(4), '/tmp', 'darwin'),
      `${longest.slice(4)}/relais.sock`,
    );
    const deep = `/${'x'.repeat(300)}`;
    assert.equal(commandSocketPath(deep, '/tmp', 'win32'), `${deep}/relais.sock`);
  });
});
