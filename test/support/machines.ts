/** A room of its own for a test: subnet of its own, free ports, a raw client inside. */
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { MachineSpec, MachineStatus } from '../../vms/machine.ts';
import type { Provider, Room } from '../../vms/provider.ts';

export const PROGRAMS: string = path.resolve(
  import.meta.dirname,
  '../../../test/fixtures/programs',
);

/** The sample app, where a test needs its knobs or its orderly end. */
export const HELLO_EARTH: string = path.resolve(import.meta.dirname, '../../hello-earth.cjs');

export interface Seen {
  /** Status of the answer, an error code, 'closed' or 'silent'. */
  readonly outcome: string;
  readonly connected: boolean;
  readonly ms: number;
  readonly answer: string;
}

export interface TestRoom {
  readonly room: Room;
  readonly folder: string;
  readonly subnet: string;
  spec(name: string, host: number, app?: Partial<MachineSpec['app']>): MachineSpec;
  /** What a client beside the machines sees. */
  visit(machine: MachineStatus, waitMs?: number): Promise<Seen>;
  reopen(): Promise<Room>;
  end(): Promise<void>;
}

let roomsOpened = 0;

export interface TestFolder {
  readonly folder: string;
  readonly subnet: string;
  remove(): Promise<void>;
}

/** Test processes that run at once have near pids: seven rooms each before two could meet. */
export function openTestFolder(): TestFolder {
  const folder = mkdtempSync(path.join(os.tmpdir(), `relais-room-${process.pid}-`));
  roomsOpened += 1;
  const subnet = `192.168.${100 + ((process.pid * 7 + roomsOpened) % 150)}`;
  return { folder, subnet, remove: () => rm(folder, { recursive: true, force: true }) };
}

export async function openTestRoom(provider: Provider): Promise<TestRoom> {
  const { folder, subnet, remove } = openTestFolder();
  const options = { folder, subnet, label: `test of ${provider.name}` };
  const room = await provider.open(options);
  return {
    room,
    folder,
    subnet,
    spec: (name, host, app = {}) => ({
      name,
      ip: `${subnet}.${host}`,
      port: 8080,
      forwardedPort: 0,
      app: { file: path.join(PROGRAMS, 'machine-app.cjs'), version: 'v1', ...app },
    }),
    visit: (machine, waitMs = 5_000) => visitFromHub(room, machine, waitMs),
    reopen: () => provider.open(options),
    async end() {
      await room.close();
      await remove();
    },
  };
}

async function visitFromHub(room: Room, machine: MachineStatus, waitMs: number): Promise<Seen> {
  const [host = '', port = ''] = machine.address.split(':');
  const client = path.join(PROGRAMS, 'raw-client.cjs');
  const { stdout } = await room.execHub([process.execPath, client, host, port, String(waitMs)]);
  return JSON.parse(stdout) as Seen;
}

export async function statusOf(lab: TestRoom, name: string): Promise<MachineStatus | undefined> {
  return (await lab.room.status()).find(machine => machine.name === name);
}
