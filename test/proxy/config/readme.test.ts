/** The configuration that the proxy's README shows is one that starts. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import { parseConfig } from '../../../proxy/config/load.ts';

const readme = path.resolve(import.meta.dirname, '../../../../proxy/README.md');

it('the example of the README is accepted without a finding', () => {
  const [, example = ''] = /```toml\n(.*?)```/s.exec(readFileSync(readme, 'utf8')) ?? [];
  assert.match(example, /\[\[listeners\]\]/);
  const config = parseConfig(example, path.join(path.dirname(readme), 'relais.toml'));
  assert.ok(config.ok, config.ok ? '' : config.error.message);
  assert.deepEqual([...config.value.warnings, ...config.value.notes], []);
});
