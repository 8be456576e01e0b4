import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  keepStore,
  releaseStore,
  type Store,
  storeOf,
  takeStore,
} from '../../../vms/docker/store.ts';
import { findMarked } from '../../../vms/programs/marked-processes.ts';
import { identify } from '../../../vms/programs/process-identity.ts';
import { eventually } from '../../support/eventually.ts';

describe('stores of engines', () => {
  const living = identify(process.pid) ?? assert.fail();
  const dead = { ...living, started: 'long ago' };
  let stores: string;
  beforeEach(() => {
    stores = mkdtempSync(path.join(os.tmpdir(), 'relais-stores-'));
  });
  afterEach(() => rmSync(stores, { recursive: true, force: true }));

  function keep(store: Store): string {
    mkdirSync(store.data, { recursive: true });
    const file = path.join(store.data, 'image');
    writeFileSync(file, '');
    return file;
  }

  it('serve one room at a time', () => {
    const one = takeStore(stores, `${stores}/room1`, living);
    const two = takeStore(stores, '/room/2', living);
    assert.notEqual(one.folder, two.folder);
    assert.deepEqual(storeOf(stores, `${stores}/room1`), one);
    assert.deepEqual(storeOf(stores, '/room/2'), two);
    assert.equal(storeOf(stores, '/room/3'), undefined);
  });

  it('are used again, with what they keep, after an end in order', () => {
    const first = takeStore(stores, `${stores}/room1`, living);
    const image = keep(first);
    releaseStore(first, true);
    assert.equal(storeOf(stores, `${stores}/room1`), undefined);
    assert.deepEqual(takeStore(stores, '/room/2', living), first);
    assert.ok(existsSync(image));
  });

  it('keep nothing of an engine that was killed', () => {
    const first = takeStore(stores, `${stores}/room1`, living);
    const image = keep(first);
    releaseStore(first, false);
    assert.ok(!existsSync(image));
  });

  it('are taken over, emptied, from a room whose hub is gone', () => {
    const first = takeStore(stores, `${stores}/room1`, dead);
    const image = keep(first);
    assert.deepEqual(takeStore(stores, '/room/2', living), first);
    assert.ok(!existsSync(image));
    assert.equal(storeOf(stores, `${stores}/room1`), undefined);
  });

  it('belong to whoever ends the room, until it is ended', () => {
    const first = takeStore(stores, `${stores}/room1`, dead);
    assert.deepEqual(keepStore(stores, `${stores}/room1`), first);
    assert.notEqual(takeStore(stores, '/room/2', living).folder, first.folder);
    releaseStore(first, false);
    assert.deepEqual(takeStore(stores, '/room/3', living), first);
    assert.equal(keepStore(stores, '/room/4'), undefined);
  });

  it('stay with an engine that outlives its hub', async () => {
    const first = takeStore(stores, `${stores}/room1`, dead);
    const engine = spawn('sleep', ['1000'], {
      env: { ...process.env, RELAIS_ROOM: `${stores}/room1` },
    });
    await eventually('it is marked', () => findMarked(`${stores}/room1`).length === 1);
    assert.notEqual(takeStore(stores, '/room/2', living).folder, first.folder);
    engine.kill('SIGKILL');
    await once(engine, 'exit');
    assert.deepEqual(takeStore(stores, '/room/3', living), first);
  });

  it('are taken over when the file with the name is damaged', () => {
    const first = takeStore(stores, `${stores}/room1`, dead);
    writeFileSync(path.join(first.folder, 'owner.json'), '{"room":');
    assert.deepEqual(takeStore(stores, '/room/2', living), first);
  });
});
