/** Makes one machine in a room of its own, asks its app from outside and from beside it, destroys it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { addressPlan, MAX_INSTANCE } from '../../../vms/address-plan.ts';
import { LeaseFolder } from '../../../vms/lease.ts';
import type { MachineSpec } from '../../../vms/machine.ts';
import type { Provider, Room } from '../../../vms/provider.ts';
import { sweep } from '../../../vms/sweep.ts';
import { machineSpecs } from '../../stage/machine-specs.ts';
import type { TrialFact } from '../facts.ts';
import { trial } from './trial.ts';

/** Of a machine that takes a fraction of a second, on a computer that is busy with other things. */
const LIMIT_MS = 60_000;
/** Of one that is installed and booted. */
const LONG_LIMIT_MS = 240_000;
const ASK_LIMIT_MS = 10_000;

export async function tryMachine(provider: Provider, signal: AbortSignal): Promise<TrialFact> {
  const limitMs = ['netns', 'process'].includes(provider.name) ? LIMIT_MS : LONG_LIMIT_MS;
  const folder = await mkdtemp(path.join(tmpdir(), 'relais-doctor-'));
  try {
    return await trial(limitMs, signal, async stop => {
      await inRoom(provider, folder, room => useOneMachine(room, stop));
      return undefined;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function inRoom(
  provider: Provider,
  folder: string,
  work: (room: Room) => Promise<void>,
): Promise<void> {
  const { subnet } = addressPlan(MAX_INSTANCE);
  try {
    const room = await provider.open({ folder, subnet, label: 'lab doctor' });
    try {
      await work(room);
    } finally {
      await room.close();
    }
  } finally {
    // A room that did not open has left what it had begun.
    if (new LeaseFolder(folder).read() !== undefined) await sweep(folder);
  }
}

async function useOneMachine(room: Room, signal: AbortSignal): Promise<void> {
  const { address, forwarded } = await room.up(trialMachine(), signal);
  const outside = await fetch(`http://${forwarded}/version`, {
    headers: { connection: 'close' },
    signal: AbortSignal.any([signal, AbortSignal.timeout(ASK_LIMIT_MS)]),
  });
  if (!outside.ok) throw new Error(`its app answered ${outside.status} on ${forwarded}`);
  const beside = await room.execHub([process.execPath, '-e', ASK, address], {
    timeoutMs: ASK_LIMIT_MS,
  });
  if (beside.exitCode !== 0) {
    throw new Error(`its app does not answer where the proxy would ask it (${address})`);
  }
}

const ASK =
  "fetch('http://' + process.argv[1] + '/version').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))";

/**
 * On the last instance's network, at an address that no lab has, and not the same for two doctors
 * at a time: where machines are processes, they share one network.
 */
function trialMachine(): MachineSpec {
  const plan = addressPlan(MAX_INSTANCE);
  const host = 100 + (process.pid % 150);
  const app = { app: 'hello', version: 'v1' } as const;
  const machine = { ip: `192.168.56.${host}`, forwardedPort: 0, app } as const;
  const spec = machineSpecs({ trial: machine }, plan, 0).get('trial');
  if (spec === undefined) throw new Error('no machine was specified');
  return { ...spec, forwardedPort: 0 };
}
