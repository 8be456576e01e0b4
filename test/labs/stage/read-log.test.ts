/** Where the logs of a stage are read from. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { logReader } from '../../../labs/stage/read-log.ts';

describe('logReader', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'relais-logs-'));
  });
  after(() => rm(folder, { recursive: true }));

  const room = {
    logs: async (name: string, fromByte = 0): Promise<string> => {
      if (name !== 'shop') throw new Error('unknown');
      return 'it started'.slice(fromByte);
    },
  };

  it('asks the room for machines, and has nothing of those that are not there', async () => {
    const readLog = logReader(room, folder);
    assert.equal(await readLog('shop', 3), 'started');
    assert.equal(await readLog('blog', 0), '');
  });

  it('reads the access log of the proxy, once there is one', async () => {
    const readLog = logReader(room, folder);
    assert.equal(await readLog('proxy', 0), '');
    await writeFile(path.join(folder, 'access.log'), 'one\ntwo\n');
    assert.equal(await readLog('proxy', 4), 'two\n');
    assert.equal(await readLog('proxy', 8), '');
    await writeFile(path.join(folder, 'edge.log'), 'three\n');
    assert.equal(await readLog('edge', 0), 'three\n');
  });
});
