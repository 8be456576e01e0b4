/** Which files of the proxy's folder a report shows. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { readConfigFiles } from '../../../../labs/report/evidence/config-files.ts';

describe('readConfigFiles', () => {
  it('has the config file first, then its answers, and no logs', async test => {
    const folder = await mkdtemp(path.join(tmpdir(), 'relais-test-config-'));
    test.after(() => rm(folder, { recursive: true }));
    for (const name of ['503.http', 'access.log', '404.http', 'relais.toml']) {
      await writeFile(path.join(folder, name), `# ${name}`);
    }
    await mkdir(path.join(folder, 'folder.toml'));
    const files = await readConfigFiles(folder);
    assert.deepEqual(files, [
      { name: 'relais.toml', text: '# relais.toml', leftOut: 0 },
      { name: '404.http', text: '# 404.http', leftOut: 0 },
      { name: '503.http', text: '# 503.http', leftOut: 0 },
    ]);
  });

  it('cuts what is very long and says by how much', async test => {
    const folder = await mkdtemp(path.join(tmpdir(), 'relais-test-config-'));
    test.after(() => rm(folder, { recursive: true }));
    await writeFile(path.join(folder, 'relais.toml'), 'x'.repeat(30_000));
    const [file] = await readConfigFiles(folder);
    assert.deepEqual([file?.text.length, file?.leftOut], [24_000, 6_000]);
  });

  it('is empty without a folder', async () => {
    assert.deepEqual(await readConfigFiles(path.join(tmpdir(), 'no-such-folder')), []);
  });
});
