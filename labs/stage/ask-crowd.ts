/** Gives the crowd of the running lab a size; a crowd that is not there is started first. */
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { socketEndpoint } from '../../proxy/index.ts';
import { LabError } from '../harness/errors.ts';
import type { CrowdReport } from '../visitors/crowd.ts';
import type { Attached } from './attach-stage.ts';

const program = path.resolve(import.meta.dirname, '../visitors/crowd-program.js');

/** Of TEST-NET-3: nobody on the internet has it. */
export const CROWD_ADDRESS = '203.0.113.7';

const NOBODY: CrowdReport = { inside: 0, waiting: 0, turnedAway: 0, lost: 0 };
const READY_WITHIN_MS = 30_000;
const ASK_AGAIN_MS = 25;

export function crowdSocket(commandSocket: string): string {
  return `${commandSocket}.crowd`;
}

/** Without a number it is only asked how it fares. */
export async function askCrowd(
  { room, note }: Attached,
  people: number | undefined,
): Promise<CrowdReport> {
  const socket = crowdSocket(note.commandSocket);
  const told = people === undefined ? '?' : String(people);
  const running = await ask(socket, told).catch(() => undefined);
  if (running !== undefined) return running;
  if (people === undefined || people === 0) return NOBODY;
  await rm(socket, { force: true });
  spawn(process.execPath, [program, note.url, CROWD_ADDRESS, socket], {
    env: { ...room.companionMarks },
    detached: true,
    windowsHide: true,
    stdio: 'ignore',
  }).unref();
  return askUntilThere(socket, told);
}

/** Where nobody finds it by its marks. Nothing when there is none. */
export async function sendCrowdHome(commandSocket: string): Promise<void> {
  await ask(crowdSocket(commandSocket), '0').catch(() => undefined);
}

async function askUntilThere(socket: string, told: string): Promise<CrowdReport> {
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const report = await ask(socket, told).catch(() => undefined);
    if (report !== undefined) return report;
    if (performance.now() > deadline) {
      throw new LabError('LAB_ENVIRONMENT', 'The crowd does not come.');
    }
    await delay(ASK_AGAIN_MS);
  }
}

function ask(socketPath: string, told: string): Promise<CrowdReport> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(socketEndpoint(socketPath));
    socket.setEncoding('utf8');
    socket.on('error', reject);
    socket.on('connect', () => socket.write(`${told}\n`));
    socket.on('data', (part: string) => {
      text += part;
    });
    socket.on('close', () => {
      if (text.endsWith('\n')) resolve(JSON.parse(text) as CrowdReport);
      else reject(new Error('the crowd went away'));
    });
  });
}
