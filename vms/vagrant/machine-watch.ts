/**
 * A program of its own, one for each machine: keeps a copy of the app's log and what is known of
 * the app, so that nobody has to ask the machine for it. It tries again for ever: a machine that
 * was stopped and booted by somebody else is found again.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { identify, isAlive } from '../programs/process-identity.ts';
import { readSeen, type Seen, touchSeen, type WatchOrder, writeSeen } from './watch-file.ts';

const order = JSON.parse(process.argv[2] ?? '') as WatchOrder;
const before = readSeen(order.seenFile);
// Two processes of the kit may find at once that there is no watch: the second one yields.
if (isAlive(before.watch) && before.watch.pid !== process.pid) process.exit(0);

let seen: Seen = {
  ...before,
  watch: identify(process.pid),
  connected: false,
  pid: undefined,
  listens: false,
};

function tell(change: Partial<Seen>): void {
  const next = { ...seen, ...change };
  if (JSON.stringify(next) === JSON.stringify(seen)) {
    touchSeen(order.seenFile);
    return;
  }
  seen = next;
  writeSeen(order.seenFile, seen);
}

/** Resolves when the machine does not answer any more. */
function attend(): Promise<void> {
  const [file = '', ...args] = order.argv;
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  child.on('error', () => undefined); // 'close' follows
  child.stdin.on('error', () => undefined);
  child.stdout.on('data', (bytes: Buffer) => appendFileSync(order.logFile, bytes));
  createInterface({ input: child.stderr }).on('line', line => {
    const [word, first = '', second = ''] = line.split(' ');
    if (word === 'hello') child.stdin.write(`${firstByte(first, Number(second))}\n`);
    if (word === 'app') {
      const pid = Number(first) || undefined;
      tell({ connected: true, pid, listens: pid !== undefined && second === '1' });
    }
  });
  return new Promise(resolve => child.on('close', () => resolve()));
}

/** Where `tail` has to begin. Another machine of the same name has written nothing of our copy. */
function firstByte(machineId: string, remoteLength: number): number {
  const length = statSync(order.logFile, { throwIfNoEntry: false })?.size ?? 0;
  const isOther = machineId !== seen.machineId || remoteLength < length - seen.logBase;
  if (isOther) tell({ machineId, logBase: length });
  return length - seen.logBase + 1;
}

writeSeen(order.seenFile, seen);
// The room's folder is gone: so is the machine.
while (existsSync(order.seenFile)) {
  await attend();
  tell({ connected: false, pid: undefined, listens: false });
  await wait(order.retryMs);
}
