import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HEALTHY } from '../../sample-app/knobs.ts';
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
      site: 'hello',
      basePath: '',
      machine: undefined,
      nameSeed: undefined,
      knobs: { normal: HEALTHY, atStart: HEALTHY },
      upstream: undefined,
      accessLog: false,
      inheritedFds: [],
      alsoAt: [],
      stopToken: undefined,
    });
  });

  it('begins with the knobs that are given', () => {
    const env = { KNOBS: '{"capacity":20,"warmUpMs":3000}', KEPT_KNOBS: '{"capacity":5}' };
    const normal = { ...HEALTHY, capacity: 20, warmUpMs: 3_000 };
    const atStart = { ...normal, capacity: 5 };
    assert.deepEqual(readSettings(env, PID).knobs, { normal, atStart });
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

  it('takes more addresses, and the token of who may end it', () => {
    const env = { LISTEN_ALSO: '127.0.0.1:9091,localhost:9092', STOP_TOKEN: 'abc' };
    const { alsoAt, stopToken } = readSettings(env, PID);
    const places = [
      { host: '127.0.0.1', port: 9091 },
      { host: 'localhost', port: 9092 },
    ];
    assert.deepEqual([alsoAt, stopToken], [places, 'abc']);
  });

  testRefused({ LISTEN_ALSO: '9091' }, /LISTEN_ALSO=9091 is no list of addresses/);
  testRefused({ LISTEN_ALSO: '127.0.0.1:0' }, /is no list of addresses: write 127\.0\.0\.1:9091/);
  testRefused({ PORT: '65536' }, /PORT=65536 is not a port: .* 0 to 65535/);
  testRefused({ PORT: 'http' }, /PORT=http is not a port/);
  testRefused({ VERSION: 'v4' }, /VERSION=v4 does not exist: the versions are v1, v2, v3/);
  testRefused({ SITE: 'shops' }, /SITE=shops does not exist: .* hello, shop, blog, legacy, api/);
  testRefused({ BASE_PATH: 'legacy' }, /BASE_PATH=legacy is not a path/);
  testRefused({ BASE_PATH: '/legacy/' }, /BASE_PATH=\/legacy\/ is not a path/);
  testRefused({ KNOBS: '{' }, /KNOBS=\{ cannot be used: send a JSON object/);
  testRefused({ KNOBS: '{"capacty":1}' }, /did you mean "capacity"/);
  testRefused({ KEPT_KNOBS: '[]' }, /KEPT_KNOBS=\[\] cannot be used: send a JSON object/);
  testRefused({ UPSTREAM: 'api:8080' }, /UPSTREAM=api:8080 is not an address: write http:/);
  testRefused({ ACCESS_LOG: 'yes' }, /ACCESS_LOG=yes: write 1 or 0/);
  testRefused({ MACHINE: 'web app\r\n' }, /MACHINE="web app\\r\\n" is not a machine name/);
  testRefused({ LISTEN_FDS: 'all' }, /LISTEN_FDS=all is not a number of sockets/);
});
