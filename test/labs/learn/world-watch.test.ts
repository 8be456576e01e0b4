/** Which records are changes of the world, and how they are told. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Recorder } from '../../../labs/harness/run/recorder.ts';
import { WorldWatch } from '../../../labs/learn/world-watch.ts';
import type { BackendSnapshot } from '../../../proxy/index.ts';
import { addresses, backend } from '../../support/history-builder.ts';

class Scene {
  readonly recorder = new Recorder(() => 0);
  readonly told: string[] = [];

  constructor() {
    this.machine('running');
    this.proxy([backend('webapp1')]);
    new WorldWatch(this.recorder).onChange(({ what }) => {
      this.told.push(...what.map(({ en }) => en));
    });
  }

  machine(state: 'running' | 'poweroff', failures: readonly 'crash'[] = [], version = 'v1'): void {
    const address = addresses.webapp1;
    this.recorder.append({
      kind: 'machine',
      machine: 'webapp1',
      state,
      failures,
      address,
      version,
    });
  }

  proxy(
    backends: readonly BackendSnapshot[],
    pids: { workerPids?: number[] } = {},
    hash = 'a',
  ): void {
    const processes = { mainPid: 1, workerPids: [2, 3], ...pids };
    this.recorder.append({ kind: 'proxy', ...processes, stateHash: hash, backends });
  }
}

describe('WorldWatch', () => {
  it('tells nothing while everything stays as it was', () => {
    const scene = new Scene();
    scene.machine('running');
    scene.proxy([backend('webapp1', { requestsTotal: 7, breaker: 'open', healthy: false })]);
    scene.proxy([backend('webapp1')], { workerPids: [3, 2] });
    assert.deepEqual(scene.told, []);
  });

  it('tells what a machine became', () => {
    const scene = new Scene();
    scene.machine('running', ['crash']);
    scene.machine('poweroff');
    scene.machine('running', [], 'v2');
    assert.deepEqual(scene.told, [
      'webapp1: running v1 → running v1 crash',
      'webapp1: running v1 crash → poweroff v1',
      'webapp1: poweroff v1 → running v2',
    ]);
  });

  it('tells backends that come, go, and are told something else', () => {
    const scene = new Scene();
    scene.proxy([backend('webapp1'), backend('webapp2')], {}, 'b');
    scene.proxy([backend('webapp1', { weight: 10 }), backend('webapp2')], {}, 'c');
    scene.proxy(
      [backend('webapp1', { weight: 10 }), backend('webapp2', { admin: 'leaving' })],
      {},
      'd',
    );
    scene.proxy([backend('webapp1', { weight: 10 })], {}, 'd');
    assert.deepEqual(scene.told, [
      `backend webapp2 ${addresses.webapp2} added`,
      `backend webapp1 ${addresses.webapp1}: ready 100 → ready 10`,
      `backend webapp2 ${addresses.webapp2} removed`,
    ]);
  });

  it('tells new processes, and any other change of what the proxy was told', () => {
    const scene = new Scene();
    scene.proxy([backend('webapp1')], { workerPids: [2, 4] });
    scene.proxy([backend('webapp1')], { workerPids: [2, 4] }, 'b');
    assert.deepEqual(scene.told, ['the workers of the proxy', 'the configuration of the proxy']);
  });
});
