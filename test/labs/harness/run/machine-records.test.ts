/** What is written down of machines: all there are, and once more those that are there no more. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recordMachines } from '../../../../labs/harness/run/machine-records.ts';
import { Recorder } from '../../../../labs/harness/run/recorder.ts';
import { FakeWorld } from '../../../support/fake-lab-parts.ts';

describe('recordMachines', () => {
  it('tells once that a machine is gone', async () => {
    const world = new FakeWorld();
    const recorder = new Recorder(() => 1);
    const room = await world
      .parts()
      .chooseProvider(undefined)
      .then(provider => provider.open({ folder: '/', subnet: '192.168.56', label: 'x' }));
    const app = { file: '/app.cjs', version: 'v1' };
    await room.up({ name: 'webapp1', ip: '192.168.56.21', port: 8080, forwardedPort: 0, app });
    await recordMachines(room, recorder);
    world.machines.delete('webapp1');
    await recordMachines(room, recorder);
    await recordMachines(room, recorder);
    const states = recorder.records.flatMap(one => (one.kind === 'machine' ? one.state : []));
    assert.deepEqual(states, ['running', 'not-created']);
  });
});
