/** Machines as processes: what each system makes of them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressesOn } from '../../../vms/process/addresses.ts';
import { capabilitiesWith } from '../../../vms/process/fabric.ts';
import { readinessOn } from '../../../vms/process/provider.ts';
import { listenWords } from '../../../vms/programs/detached-program.ts';

const spec = {
  name: 'webapp1',
  ip: '192.168.56.21',
  port: 8080,
  forwardedPort: 9091,
  app: { file: 'app.cjs', version: 'v1' },
};

describe('machines as processes', () => {
  it('are on addresses of their own on Linux and Windows, on ports of one on macOS', () => {
    const at = (platform: 'linux' | 'darwin' | 'win32') => addressesOn(platform).of(spec, 9091);
    assert.deepEqual(at('linux'), { host: '127.56.0.21', port: 8080 });
    assert.deepEqual(at('win32'), { host: '127.56.0.21', port: 8080 });
    assert.deepEqual(at('darwin'), { host: '127.0.0.1', port: 9091 });
  });

  it('say which failures are only imitated, and how', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      const { failures } = capabilitiesWith(addressesOn(platform));
      const imitated = Object.entries(failures).flatMap(([verb, { kind }]) =>
        kind === 'imitated' ? verb : [],
      );
      assert.deepEqual(imitated, ['power-off', 'blackhole'], platform);
    }
    const { failures } = capabilitiesWith(addressesOn('win32'));
    assert.ok(failures['power-off'].kind === 'imitated');
    assert.match(failures['power-off'].how, /refused, not unreachable; Windows .* 2 s/);
  });

  it('say where nobody of us has tried them', () => {
    assert.deepEqual(readinessOn('linux'), { ready: true });
    for (const [platform, name] of [
      ['darwin', 'macOS'],
      ['win32', 'Windows'],
    ] as const) {
      const readiness = readinessOn(platform);
      assert.ok(readiness.ready);
      assert.match(readiness.note ?? '', new RegExp(`written for ${name}, not tried there`));
    }
  });

  it('are told of sockets that they inherit, or of addresses to open', () => {
    const bound = [
      { host: '127.0.0.1', port: 9091 },
      { host: '127.0.0.1', port: 9092 },
    ];
    const both = { LISTEN_FDS: '2', LISTEN_ALSO: undefined };
    assert.deepEqual(listenWords(bound, 'linux'), both);
    assert.deepEqual(listenWords(bound, 'darwin'), both);
    const list = '127.0.0.1:9091,127.0.0.1:9092';
    assert.deepEqual(listenWords(bound, 'win32'), { LISTEN_FDS: undefined, LISTEN_ALSO: list });
    const none = { LISTEN_FDS: undefined, LISTEN_ALSO: undefined };
    for (const platform of ['linux', 'win32'] as const) {
      assert.deepEqual(listenWords([], platform), none);
    }
  });
});
