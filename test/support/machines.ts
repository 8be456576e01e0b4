/** A room of its own for a test: subnet of its own, free ports, a raw client inside. */
import { mkdtempSync, readdirSync } from 'node:fs';
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

const NETWORKS = 150;
let roomsOpened = 0;

export interface TestFolder {
  readonly folder: string;
  readonly subnet: string;
  remove(): Promise<void>;
}

/** Its name tells whose it is, and which network: rooms that are only processes share addresses. */
export function openTestFolder(): TestFolder {
  const third = freeThird();
  const folder = mkdtempSync(path.join(os.tmpdir(), `relais-room-${process.pid}-${third}-`));
  const subnet = `192.168.${third}`;
  return { folder, subnet, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Test processes that run at once have near pids: each begins to look elsewhere. */
function freeThird(): number {
  const names = readdirSync(os.tmpdir());
  const taken = new Set(names.map(name => Number(/^relais-room-\d+-(\d+)-/.exec(name)?.[1])));
  for (let tried = 0; tried < NETWORKS; tried++) {
    roomsOpened += 1;
    const third = 100 + ((process.pid * 7 + roomsOpened) % NETWORKS);
    if (!taken.has(third)) return third;
  }
  throw new Error(`${NETWORKS} rooms of tests are in ${os.tmpdir()}: remove what is left there`);
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
