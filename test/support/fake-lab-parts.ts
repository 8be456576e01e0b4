/**
 * A lab's world in memory: machines that only have a state, a proxy that only has a list, visitors
 * that are answered by the first machine that runs. For tests of the engine alone.
 */

import { tmpdir } from 'node:os';
import type { HistoryRecord } from '../../labs/harness/history.ts';
import type { Lab } from '../../labs/harness/lab.ts';
import { silentNarrator } from '../../labs/harness/narrator/narration.ts';
import type { RunResult } from '../../labs/harness/result.ts';
import type { LabParts, OpenStage, RunOptions } from '../../labs/harness/run/lab-parts.ts';
import type { FailureVerb, MachineSpec, MachineStatus } from '../../vms/machine.ts';
import type { Capabilities, Provider, Room } from '../../vms/provider.ts';
import { backendSnapshot } from './backend-snapshot.ts';

const real = { kind: 'real' } as const;

export class FakeWorld {
  readonly machines: Map<string, MachineStatus> = new Map();
  readonly backends: Map<string, string> = new Map();
  mainPid = 1;
  /** Saved lists of the proxy, by file. */
  readonly states: Map<string, ReadonlyMap<string, string>> = new Map();
  readonly log: string[] = [];
  /** What the logs of machines and proxy have, by source. */
  readonly printed: Map<string, string> = new Map();
  /** Set to make that part of the world fail. */
  readonly trouble: { openStage?: string; add?: string; close?: string } = {};
  browserFound = true;
  /** What makes the machines has words of its own. */
  nativeLine: Room['nativeLine'] = () => undefined;
  capabilities: Capabilities = {
    realAddresses: true,
    failures: {
      crash: real,
      'power-off': real,
      blackhole: real,
      freeze: real,
      slow: real,
      error: real,
    },
  };
  written: RunResult | undefined;
  history: readonly HistoryRecord[] = [];
  #turn = 0;

  /** What other terminals have in hand, too. */
  get room(): Room {
    return this.#room();
  }

  parts(): LabParts {
    return {
      chooseProvider: async () => this.#provider(),
      claim: async () => {
        this.log.push('claim');
        return {
          swept: [],
          release: async () => {
            this.log.push('release');
          },
        };
      },
      openStage: async ({ lab }) => {
        if (this.trouble.openStage !== undefined) throw new Error(this.trouble.openStage);
        for (const name of lab.backends) this.#start(name);
        this.#configure(lab.backends);
        this.log.push('stage open');
        return this.#stage(lab);
      },
      openBrowser: async () =>
        this.browserFound
          ? {
              found: true,
              name: 'Fake 1',
              viewer: { visit: async (visitor, url) => this.#page(visitor, url) },
              close: async () => {
                this.log.push('browser closed');
              },
            }
          : { found: false, reason: 'none is installed.' },
      startVisitors: ({ visitors, record, now }) => {
        let number = 0;
        let resting = false;
        const timer = setInterval(() => {
          if (resting) return;
          number += 1;
          for (const [visitor, { keepAlive }] of Object.entries(visitors)) {
            const answer = this.#answer();
            const startedAt = now();
            record({
              kind: 'request',
              visitor,
              keepAlive,
              number,
              startedAt,
              durationMs: 1,
              ...answer,
            });
          }
        }, 10);
        return {
          rest: async () => {
            resting = true;
            this.log.push('visitors rest');
          },
          resume: () => {
            resting = false;
            this.log.push('visitors resume');
          },
          stop: async () => {
            clearInterval(timer);
            this.log.push('visitors stopped');
          },
        };
      },
      writeReports: async (result, history) => {
        this.written = result;
        this.history = history;
      },
      narrator: silentNarrator,
    };
  }

  #provider(): Provider {
    return {
      name: 'process',
      capabilities: this.capabilities,
      probe: async () => ({ ready: true }),
      open: async () => this.#room(),
    };
  }

  /** As the proxy's configuration says. */
  #configure(backends: readonly string[]): void {
    this.backends.clear();
    for (const name of backends) this.backends.set(name, this.#address(name));
  }

  #stage({ machines, backends }: Pick<Lab, 'machines' | 'backends'>): OpenStage {
    const specs = Object.entries(machines).map(([name, { ip }]): [string, MachineSpec] => [
      name,
      { name, ip, port: 8080, forwardedPort: 0, app: { file: '/app.cjs', version: 'v1' } },
    ]);
    return {
      room: this.#room(),
      url: 'http://localhost:9090/',
      listeners: { proxy: '127.0.0.1:9090' },
      machines: new Map(specs),
      restartProxy: async () => {
        this.#configure(backends);
        this.mainPid += 1;
        this.log.push('proxy restarted');
      },
      shell: { cwd: tmpdir(), env: { LAB_BIN: tmpdir() }, marks: {} },
      readLog: async (source, fromByte) => (this.printed.get(source) ?? '').slice(fromByte),
      proxy: {
        identity: async () => ({ mainPid: this.mainPid, workerPids: [2, 3] }),
        compareFile: async () => ({ changes: 0 }),
        backends: async () =>
          [...this.backends].map(([name, address]) =>
            backendSnapshot({ clusterId: 'webapp', backendId: name, address }),
          ),
        addBackend: async (name, address) => {
          if (this.trouble.add !== undefined) throw new Error(this.trouble.add);
          this.backends.set(name, address);
          return 'added';
        },
        removeBackend: async address => {
          for (const [name, at] of this.backends) if (at === address) this.backends.delete(name);
          return 'removed';
        },
        setWeight: async () => 'updated',
        saveState: async file => {
          this.states.set(file, new Map(this.backends));
        },
        loadState: async file => {
          this.backends.clear();
          for (const [name, address] of this.states.get(file) ?? []) {
            this.backends.set(name, address);
          }
        },
        onEvent: () => {},
        close: async () => {},
      },
      close: async () => {
        this.log.push('stage closed');
        if (this.trouble.close !== undefined) throw new Error(this.trouble.close);
      },
      leave: async () => {
        this.log.push('stage left');
      },
    };
  }

  #room(): Room {
    return {
      provider: 'process',
      capabilities: this.capabilities,
      hubAddress: '192.168.56.10',
      companionMarks: {},
      nativeProgram: undefined,
      nativeLine: (deed, name) => this.nativeLine(deed, name),
      addressOf: ({ name }) => this.#address(name),
      up: async spec => this.#start(spec.name),
      halt: async () => {},
      destroy: async () => {},
      status: async () => [...this.machines.values()],
      exec: async () => ({ exitCode: 0, stdout: '', stderr: '' }),
      logs: async () => '',
      fail: async (name, how) => {
        this.#set(name, { state: 'poweroff', failures: [how] });
        return this.capabilities.failures[how];
      },
      heal: async name => this.#start(name),
      deploy: async name => this.#start(name),
      knobs: async () => ({}),
      spawnHub: async () => ({ pid: 1, logFile: '', bound: [] }),
      execHub: async () => ({
        exitCode: 0,
        stdout: '{"outcome":"refused","durationMs":0.2}',
        stderr: '',
      }),
      stopHub: async () => {},
      endCompanions: async () => {},
      close: async () => {},
    };
  }

  #start(name: string): MachineStatus {
    return this.#set(name, { state: 'running', failures: [] });
  }

  #set(
    name: string,
    change: { state: 'running' | 'poweroff'; failures: readonly FailureVerb[] },
  ): MachineStatus {
    const status: MachineStatus = {
      name,
      address: this.#address(name),
      nominalAddress: this.#address(name),
      forwarded: undefined,
      version: 'v1',
      appRunning: change.state === 'running',
      pid: 1,
      ...change,
    };
    this.machines.set(name, status);
    return status;
  }

  #address(name: string): string {
    return `192.168.56.2${name.at(-1)}:8080`;
  }

  #answer(): { status: number; machine?: string; version?: string } {
    const alive = [...this.backends.keys()].filter(
      name => this.machines.get(name)?.state === 'running',
    );
    this.#turn += 1;
    const machine = alive[this.#turn % Math.max(1, alive.length)];
    return machine === undefined ? { status: 503 } : { status: 200, machine, version: 'v1' };
  }

  #page(
    visitor: string,
    url: string,
  ): {
    visitor: string;
    url: string;
    status: number;
    reason: string;
    text: string;
    machine?: string;
  } {
    const { status, machine } = this.#answer();
    const shown = { visitor, url, status, reason: 'OK', text: `I am ${machine ?? 'nobody'}` };
    return machine === undefined ? shown : { ...shown, machine };
  }
}

export function runOptions(home: string, fields: Partial<RunOptions> = {}): RunOptions {
  return {
    language: 'en',
    machines: undefined,
    browser: true,
    headed: false,
    slow: false,
    keep: false,
    instance: 0,
    seed: 1,
    home,
    proxyEntry: '',
    version: '0.0.0',
    ...fields,
  };
}
