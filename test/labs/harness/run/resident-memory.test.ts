import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { residentMiB } from '../../../../labs/harness/run/resident-memory.ts';

const linux = process.platform === 'linux' ? false : 'only Linux has /proc';

describe('residentMiB', () => {
  it('adds up what the system tells of each process', { skip: linux }, async () => {
    const once = (await residentMiB([process.pid])) ?? 0;
    const own = process.memoryUsage.rss() / 1024 / 1024;
    assert.ok(Math.abs(once - own) < 20, `${once} and ${own} MiB`);
    const twice = (await residentMiB([process.pid, process.pid])) ?? 0;
    assert.ok(twice > 1.8 * once, `${once}, then ${twice} MiB`);
  });

  it('tells nothing when one of them is gone', async () => {
    assert.equal(await residentMiB([process.pid, 2 ** 30]), undefined);
  });
});
