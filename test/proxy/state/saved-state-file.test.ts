/** Whatever becomes of the file of a saved state, one whole state is found or the reason why not. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { ProxyError } from '../../../proxy/shared/errors.ts';
import type { Result } from '../../../proxy/shared/result.ts';
import { encodeState } from '../../../proxy/state/saved-state.ts';
import {
  type FoundState,
  findState,
  previousOf,
  saveState,
} from '../../../proxy/state/saved-state-file.ts';
import { stateOf, webRequests } from '../../support/some-states.ts';

const saver = path.resolve(import.meta.dirname, '../../support/save-for-ever.js');
const fullDisk = path.resolve(import.meta.dirname, '../../support/save-on-a-full-disk.js');
const time = new Date('2026-01-02T03:04:05.678Z');

function textOf(...ports: readonly number[]): string {
  const state = stateOf(...webRequests(...ports));
  return encodeState(state, state, time).text;
}

function place(test: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'relais-state-'));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  return path.join(folder, 'state.json');
}

function backends(found: Result<FoundState, ProxyError>): string[] {
  assert.ok(found.ok, found.ok ? '' : found.error.message);
  const cluster = found.value.saved?.state.clusters.get('web');
  return [...(cluster?.backends.keys() ?? [])].map(address => address.replace('127.0.0.1', ''));
}

describe('saved state file', () => {
  it('is for its owner only, and keeps the one before', async test => {
    const file = place(test);
    assert.deepEqual(findState(file), { ok: true, value: {} });
    await saveState(file, textOf(1));
    await saveState(file, textOf(2));
    for (const each of [file, previousOf(file)]) assert.equal(statSync(each).mode & 0o777, 0o600);
    assert.deepEqual(backends(findState(file)), [':2']);
    assert.equal(readFileSync(previousOf(file), 'utf8'), textOf(1));
    assert.deepEqual(readdirSync(path.dirname(file)).sort(), ['state.json', 'state.json.previous']);
  });

  it('may be an empty file that somebody made, as long as nothing was saved', async test => {
    const file = place(test);
    writeFileSync(file, '');
    assert.deepEqual(findState(file), { ok: true, value: {} });
    await saveState(file, textOf(1));
    assert.deepEqual(backends(findState(file)), [':1']);
  });

  it('is the old one after a crash at any byte of a save', async test => {
    const file = place(test);
    await saveState(file, textOf(1));
    const next = textOf(1, 2);
    for (let length = 0; length <= next.length; length += 97) {
      writeFileSync(`${file}.1-${length}.tmp`, next.slice(0, length));
      assert.deepEqual(backends(findState(file)), [':1']);
    }
  });

  const damages: readonly (readonly [string, RegExp, (file: string) => void])[] = [
    ['cut off', /cut off, or bytes/, file => truncateSync(file, 300)],
    ['emptied', /it is empty/, file => truncateSync(file, 0)],
    ['gone', /there is no such file/, file => rmSync(file)],
    ['longer', /cut off, or bytes/, file => appendFileSync(file, '{}\n')],
    [
      'a folder',
      /it is a folder/,
      file => {
        rmSync(file);
        mkdirSync(file);
      },
    ],
    [
      'a link',
      /it is a link: name the file itself/,
      file => {
        rmSync(file);
        symlinkSync(previousOf(file), file);
      },
    ],
  ];
  for (const [what, reason, damage] of damages) {
    it(`that is ${what} gives way to the one before, and says so`, async test => {
      const file = place(test);
      await saveState(file, textOf(1));
      await saveState(file, textOf(1, 2));
      damage(file);
      const found = findState(file);
      assert.deepEqual(backends(found), [':1']);
      assert.match((found.ok && found.value.warning) || '', reason);
      assert.match(
        (found.ok && found.value.warning) || '',
        /state\.json\.previous is used instead/,
      );
    });
  }

  it('is refused by name and reason when no copy of it is good', async test => {
    const file = place(test);
    await saveState(file, textOf(1));
    truncateSync(file, 10);
    const found = findState(file);
    assert.ok(!found.ok);
    assert.equal(found.error.code, 'PROXY_STATE_INVALID');
    assert.match(found.error.message, /^saved state .*state\.json: it does not begin as/);
  });

  it('does not push the last good copy out when it is damaged', async test => {
    const file = place(test);
    await saveState(file, textOf(1));
    await saveState(file, textOf(2));
    truncateSync(file, 100);
    await saveState(file, textOf(3));
    assert.deepEqual(backends(findState(file)), [':3']);
    assert.equal(readFileSync(previousOf(file), 'utf8'), textOf(1));
  });

  it('is whole after every kill -9 of a process that saves', { timeout: 300_000 }, async test => {
    const file = place(test);
    for (let round = 0; round < 12; round += 1) {
      const child = spawn(process.execPath, [saver, file], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exited = once(child, 'exit');
      await once(child.stdout, 'data');
      // Another moment of a save each time: as many turns of the event loop as the round says.
      for (let turn = 0; turn < round * 400; turn += 1) await new Promise(setImmediate);
      child.kill('SIGKILL');
      await exited;
      const found = findState(file);
      assert.ok(found.ok, found.ok ? '' : found.error.message);
      assert.equal(found.value.warning, undefined);
      const count = backends(found).length;
      assert.ok([0, 1, 100].includes(count), `${count} backends`);
    }
  });

  it('stays as it is when the disk is full', { timeout: 300_000 }, test => {
    const file = place(test);
    const folder = path.dirname(file);
    const script = `mount -t tmpfs -o size=32k none '${folder}' && exec '${process.execPath}' '${fullDisk}' '${file}'`;
    const run = spawnSync('unshare', ['--mount', '--map-root-user', 'sh', '-c', script], {
      encoding: 'utf8',
    });
    if (/unshare|mount:|ENOENT/.test(run.stderr ?? 'ENOENT')) {
      return test.skip(`no mount namespace of one's own here: ${run.stderr ?? run.error?.message}`);
    }
    assert.deepEqual(
      [run.stdout.trim(), run.stderr, run.status],
      ['ENOSPC, then 1 backend', '', 0],
    );
  });
});
