import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSettings } from '../../sample-app/settings.ts';

const PID = 4242;

function testRefused(env: Record<string, string>, message: RegExp): void {
  it(`refuses ${JSON.stringify(env)}`, () => {
    assert.throws(() => readSettings(env, PID), { name: 'SettingsError', message });
  });
}

describe('readSettings', () => {
  it('has the defaults of the tutorial', () => {
    assert.deepEqual(readSettings({ PORT: '' }, PID), {
      port: 8080,
      host: undefined,
      version: 'v1',
      machine: undefined,
      nameSeed: undefined,
      inheritedFds: [],
    });
  });

  it('counts inherited sockets from descriptor 3', () => {
    assert.deepEqual(readSettings({ LISTEN_FDS: '2' }, PID).inheritedFds, [3, 4]);
  });

  it('takes inherited sockets that are meant for this process', () => {
    const env = { LISTEN_FDS: '1', LISTEN_PID: '4242' };
    assert.deepEqual(readSettings(env, PID).inheritedFds, [3]);
  });

  it('leaves inherited sockets that are meant for another process', () => {
    const env = { LISTEN_FDS: '1', LISTEN_PID: '4243' };
    assert.deepEqual(readSettings(env, PID).inheritedFds, []);
  });

  testRefused({ PORT: '65536' }, /PORT=65536 is not a port: .* 0 to 65535/);
  testRefused({ PORT: 'http' }, /PORT=http is not a port/);
  testRefused({ VERSION: 'v3' }, /VERSION=v3 does not exist: the versions are v1, v2/);
  testRefused({ MACHINE: 'web app\r\n' }, /MACHINE="web app\\r\\n" is not a machine name/);
  testRefused({ LISTEN_FDS: 'all' }, /LISTEN_FDS=all is not a number of sockets/);
});
