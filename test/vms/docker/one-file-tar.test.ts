import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { tarOf } from '../../../vms/docker/one-file-tar.ts';

describe('tarOf', () => {
  for (const size of [0, 1, 511, 512, 513, 100_000]) {
    it(`is read by tar: ${size} bytes`, async () => {
      const content = Buffer.alloc(size, 'x');
      const input = tarOf('app.cjs', content, 0o755);
      const listed = await execa('tar', ['-tvf', '-'], { input });
      assert.match(listed.stdout, new RegExp(`^-rwxr-xr-x 0/0 +${size} .* app\\.cjs$`));
      assert.equal(listed.stderr, '');
      const { stdout } = await execa('tar', ['-xOf', '-'], { input, encoding: 'buffer' });
      assert.ok(content.equals(stdout));
    });
  }

  it('refuses names that the format has no room for', () => {
    assert.throws(() => tarOf('é', Buffer.alloc(0)), RangeError);
    assert.throws(() => tarOf('x'.repeat(101), Buffer.alloc(0)), RangeError);
  });
});
