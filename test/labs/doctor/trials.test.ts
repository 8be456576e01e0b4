/** Trials tell what they did, and leave nothing: neither those that work nor those that fail. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { trial } from '../../../labs/doctor/trials/trial.ts';
import { tryMachine } from '../../../labs/doctor/trials/try-machine.ts';
import { tryProxy } from '../../../labs/doctor/trials/try-proxy.ts';
import { findMarked } from '../../../vms/programs/marked-processes.ts';
import type { Provider, RoomOptions } from '../../../vms/provider.ts';
import { providerNamed } from '../../../vms/registry.ts';

const never = new AbortController().signal;

/** Remembers the folders of its rooms. */
function watched(provider: Provider) {
  const folders: string[] = [];
  const open = (options: RoomOptions) => {
    folders.push(options.folder);
    return provider.open(options);
  };
  return { folders, provider: { ...provider, open } };
}

function assertGone(folders: readonly string[]): void {
  assert.equal(folders.length, 1);
  for (const folder of folders) {
    assert.deepEqual(findMarked(folder), []);
    assert.ok(!readdirSync(tmpdir()).includes(path.basename(folder)), folder);
  }
}

const skip = process.platform !== 'linux' && 'looks for processes in /proc';

describe('tryMachine', { skip }, () => {
  it('makes one, asks it and destroys it', async () => {
    const { folders, provider } = watched(providerNamed('process'));
    const told = await tryMachine(provider, never);
    assert.equal(told.outcome, 'works', JSON.stringify(told));
    assertGone(folders);
  });

  it('tells why a room does not open', async () => {
    const open = async () => Promise.reject(new Error('no bridge today'));
    const told = await tryMachine({ ...providerNamed('process'), open }, never);
    assert.equal(told.outcome, 'fails');
    assert.match(told.outcome === 'fails' ? told.said : '', /no bridge today/);
  });

  it('tells of an app that nobody reaches where the proxy is, and destroys its machine', async () => {
    const { folders, provider } = watched(providerNamed('process'));
    const open = async (options: RoomOptions) => {
      const room = await provider.open(options);
      const execHub: typeof room.execHub = async () => ({ exitCode: 1, stdout: '', stderr: '' });
      return new Proxy(room, {
        get: (target, key) => {
          if (key === 'execHub') return execHub;
          const value: unknown = Reflect.get(target, key, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    };
    const told = await tryMachine({ ...provider, open }, never);
    assert.match(told.outcome === 'fails' ? told.said : '', /where the proxy would ask it/);
    assertGone(folders);
  });

  it('ends when it is interrupted, and leaves nothing', async () => {
    const { folders, provider } = watched(providerNamed('process'));
    const stop = new AbortController();
    const open = async (options: RoomOptions) => {
      const room = await provider.open(options);
      stop.abort();
      return room;
    };
    await assert.rejects(tryMachine({ ...provider, open }, stop.signal), { name: 'AbortError' });
    assertGone(folders);
  });
});

describe('tryProxy', () => {
  it('tells what a proxy said that does not start', async () => {
    const told = await tryProxy(path.join(import.meta.dirname, 'no-such-proxy.js'), never);
    assert.equal(told.outcome, 'fails');
    assert.match(told.outcome === 'fails' ? told.said : '', /ended at its start/);
  });
});

describe('trial', () => {
  it('gives up in time, and says so', async () => {
    const told = await trial(20, never, signal => {
      return new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason)),
      );
    });
    assert.match(told.outcome === 'fails' ? told.said : '', /no end within 0\.02 s/);
  });
});
