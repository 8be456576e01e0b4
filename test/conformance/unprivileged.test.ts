/** The whole suite of netns once more, as a user without any rights, when the tests run as root. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, it } from 'node:test';

const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'] as const;

const suite = path.join(import.meta.dirname, 'netns-only.js');
const probe = path.resolve(import.meta.dirname, '../support/probe-netns.js');

describe('netns without rights', { skip: obstacle() }, () => {
  it('keeps every promise', { timeout: 600_000 }, async () => {
    const [command, ...args] = AS_NOBODY;
    const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
    const child = spawn(command, [...args, process.execPath, '--test-reporter=tap', suite], {
      env: { ...env, HOME: '/' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', text => (said += text));
    const [code] = await once(child, 'close');
    assert.equal(code, 0, said);
    assert.match(said, /# pass [1-9]/);
    assert.match(said, /# skipped 0/);
  });
});

/** Why it cannot be tried here; false when it can. */
function obstacle(): string | false {
  if (process.platform !== 'linux') return 'there are no namespaces here';
  if (process.geteuid?.() !== 0) return 'these tests run as an ordinary user already';
  const [command, ...args] = AS_NOBODY;
  const tried = spawnSync(command, [...args, process.execPath, probe], { encoding: 'utf8' });
  if (tried.status === 0) return false;
  return `an ordinary user cannot try it: ${tried.error ?? tried.stderr.trim().slice(-300)}`;
}
