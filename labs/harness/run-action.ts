/** Does what an action says, to machines or proxy, and records what came of it. */
import path from 'node:path';
import type { MachineSpec } from '../../vms/machine.ts';
import type { Action } from './actions.ts';
import { LabError } from './errors.ts';
import type { ConnectRecord } from './history.ts';
import { recordMachines } from './machine-records.ts';
import type { Recorder } from './recorder.ts';
import type { Stage } from './stage.ts';

/** A client that waits longer than a failed address look-up (3 s) and not for ever. */
export const CONNECT_LIMIT_MS = 5_000;

const connectProbe = path.resolve(import.meta.dirname, '../visitors/connect-probe.js');

/** `told`: what the proxy answered, worth showing. */
export interface ActionOutcome {
  readonly told?: string;
}

export async function runAction(
  action: Action,
  stage: Stage,
  recorder: Recorder,
  signal: AbortSignal,
): Promise<ActionOutcome> {
  switch (action.kind) {
    case 'machine-up':
      await Promise.all(action.machines.map(name => stage.room.up(specOf(stage, name), signal)));
      await recordMachines(stage.room, recorder);
      return {};
    case 'machine-down': {
      const fidelity = await stage.room.fail(action.machine, action.how);
      await recordMachines(stage.room, recorder, { machine: action.machine, fidelity });
      return fidelity.kind === 'imitated' ? { told: fidelity.how } : {};
    }
    case 'machine-heal':
      await stage.room.heal(action.machine, signal);
      await recordMachines(stage.room, recorder);
      return {};
    case 'measure':
      await measure(action.machines, stage, recorder);
      return {};
    case 'backend-add':
      return { told: await stage.proxy.addBackend(action.machine, await dialled(stage, action)) };
    case 'backend-remove':
      return {
        told: await stage.proxy.removeBackend(action.machine, await dialled(stage, action)),
      };
  }
}

function specOf(stage: Stage, name: string): MachineSpec {
  const spec = stage.machines.get(name);
  if (spec === undefined) throw new LabError('LAB_DEFINITION', `there is no machine "${name}"`);
  return spec;
}

async function dialled(stage: Stage, { machine }: { readonly machine: string }): Promise<string> {
  const status = (await stage.room.status()).find(({ name }) => name === machine);
  if (status !== undefined) return status.address;
  const spec = specOf(stage, machine);
  return `${spec.ip}:${spec.port}`;
}

/** All at the same time: the learner compares, and waits for the slowest only. */
async function measure(
  machines: readonly string[],
  stage: Stage,
  recorder: Recorder,
): Promise<void> {
  const statuses = new Map((await stage.room.status()).map(status => [status.name, status]));
  const targets = machines.map(name => statuses.get(name) ?? missing(name));
  const outcomes = await Promise.all(targets.map(({ address }) => connectOnce(address, stage)));
  targets.forEach(({ name, address, failures }, index) => {
    const outcome = outcomes[index];
    if (outcome === undefined) return;
    const failure = failures.at(-1);
    recorder.append({
      kind: 'connect',
      machine: name,
      address,
      ...outcome,
      ...(failure === undefined ? {} : { failure }),
    });
  });
}

async function connectOnce(
  address: string,
  stage: Stage,
): Promise<Pick<ConnectRecord, 'outcome' | 'durationMs'>> {
  const colon = address.lastIndexOf(':');
  const [host, port] = [address.slice(0, colon), address.slice(colon + 1)];
  const { stdout, stderr, exitCode } = await stage.room.execHub(
    [process.execPath, connectProbe, host, port, String(CONNECT_LIMIT_MS)],
    { timeoutMs: CONNECT_LIMIT_MS + 10_000 },
  );
  if (exitCode !== 0) throw new Error(`the client that measures ended with ${exitCode}: ${stderr}`);
  return JSON.parse(stdout) as Pick<ConnectRecord, 'outcome' | 'durationMs'>;
}

function missing(name: string): never {
  throw new Error(`${name} was never started, so it has no address to measure`);
}
