/** Names on disk. */
import assert from 'node:assert/strict';
import { mkdtemp, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { commandSocketPath, makeRunFolder } from '../../../../labs/harness/run/run-folder.ts';

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
});

describe('commandSocketPath', () => {
  it('lies in the folder while the path is short enough', () => {
    assert.equal(commandSocketPath('/home/ada/lab'), '/home/ada/lab/relais.sock');
  });

  it('moves to the temporary folder for a deep one, the same each time', () => {
    const deep = `/home/${'é'.repeat(60)}/lab`;
    const moved = commandSocketPath(deep, '/tmp');
    assert.match(moved, /^\/tmp\/relais-[0-9a-f]{12}\.sock$/);
    assert.equal(commandSocketPath(deep, '/tmp'), moved);
    assert.notEqual(commandSocketPath(`${deep}2`, '/tmp'), moved);
  });
});
