import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { inhabitantsOf } from '../../../vms/netns/inhabitants.ts';
import { identify } from '../../../vms/programs/process-identity.ts';

const skip = process.platform === 'linux' ? false : 'there are no namespaces here';

describe('inhabitantsOf', { skip }, () => {
  it('are none when the holder is gone, even if its pid is used again', () => {
    assert.deepEqual(inhabitantsOf(undefined), []);
    assert.deepEqual(inhabitantsOf({ pid: process.pid, started: 'long ago' }), []);
  });

  it('are never the processes of our own network', async () => {
    const child = spawn('sleep', ['1000']);
    const holder = identify(child.pid ?? 0);
    assert.ok(holder);
    assert.deepEqual(inhabitantsOf(holder), [holder]);
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
});
