/** A room speaks the words of what makes its machines, where something does. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { LeaseFolder } from '../../../vms/lease.ts';
import type { NativeWords } from '../../../vms/native-words.ts';
import type { Fabric } from '../../../vms/room/fabric.ts';
import { FabricRoom } from '../../../vms/room/room.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'native-words-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const native: NativeWords = {
  program: { name: 'maker', argv: ['maker'], env: {} },
  line: (deed, machine, failures) => [`maker ${deed} ${machine}`, ...failures].join(' after '),
};

/** Nothing else of the fabric is asked for. */
function roomWith(fabric: Pick<Fabric, 'native'>): FabricRoom {
  return new FabricRoom(fabric as Fabric, new LeaseFolder(folder), {});
}

describe('Room.nativeLine', () => {
  it('knows the failures that are in force', () => {
    const room = roomWith({ native });
    assert.equal(room.nativeProgram, native.program);
    assert.equal(room.nativeLine('heal', 'webapp2'), 'maker heal webapp2');
    new LeaseFolder(folder).writeMachine({
      spec: {
        name: 'webapp2',
        ip: '192.168.56.22',
        port: 8080,
        forwardedPort: 9092,
        app: { file: '/app', version: 'v1' },
      },
      power: 'off',
      forwardedPort: 9092,
      failures: ['power-off'],
    });
    assert.equal(room.nativeLine('heal', 'webapp2'), 'maker heal webapp2 after power-off');
  });

  it('has none where the kit itself makes the machines', () => {
    const room = roomWith({});
    assert.equal(room.nativeProgram, undefined);
    assert.equal(room.nativeLine('up', 'webapp2'), undefined);
  });
});
