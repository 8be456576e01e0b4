/** A box that was damaged on its way is not taken for the one that was built. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  addChecksums,
  checksumOf,
  formatChecksums,
  parseChecksums,
  verifyChecksum,
} from '../../../vms/box/checksums.ts';

const HELLO = '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03';

describe('checksums of boxes', () => {
  let folder = '';

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'relais-checksums-'));
    await writeFile(path.join(folder, 'a.box'), 'hello\n');
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('are those of sha256sum', async () => {
    assert.equal(await checksumOf(path.join(folder, 'a.box')), HELLO);
  });

  it('are read as sha256sum writes them, whatever else is in the file', () => {
    const read = parseChecksums(`# boxes\r\n${HELLO}  a.box\r\n${HELLO} *b c.box\nshort  d.box\n`);
    assert.deepEqual([...read.keys()], ['a.box', 'b c.box']);
    assert.equal(formatChecksums(read), `${HELLO}  a.box\n${HELLO}  b c.box\n`);
  });

  it('are added to those that are there', async () => {
    await addChecksums(folder, new Map([['z.box', '0'.repeat(64)]]));
    await addChecksums(folder, new Map([['a.box', HELLO]]));
    const text = await readFile(path.join(folder, 'SHA256SUMS'), 'utf8');
    assert.equal(text, `${HELLO}  a.box\n${'0'.repeat(64)}  z.box\n`);
    assert.deepEqual((await readdir(folder)).sort(), ['SHA256SUMS', 'a.box']);
  });

  it('tell a file that is whole from one that is not', async () => {
    const file = path.join(folder, 'a.box');
    assert.equal(await verifyChecksum(file), HELLO);
    await writeFile(file, 'hullo\n');
    await assert.rejects(verifyChecksum(file), /SHA256SUMS says 5891b5b522d5….*box:build/);
    await assert.rejects(verifyChecksum(path.join(folder, 'SHA256SUMS')), /does not name it/);
  });
});
