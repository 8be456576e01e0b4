/**
 * The clients of the chaos run, in a process of their own: `node load.js PORT HOST-FIELD RATE` with an
 * IPC channel. Works from `begin` to `end`, and then tells of each request.
 */
import { LongRequests } from './long-requests.ts';
import { ShortRequests, type Traffic } from './short-requests.ts';
import type { LoadOrder, LoadReport, Visit } from './visit.ts';

const [port, hostField = '', rate] = process.argv.slice(2);
let visits: Visit[] = [];
const traffic: Traffic = {
  ...{ host: '127.0.0.1', port: Number(port), hostField },
  record: visit => visits.push(visit),
};
let short: ShortRequests | undefined;
let long: LongRequests | undefined;

function begin(): void {
  short = new ShortRequests(traffic, Number(rate));
  long = new LongRequests(traffic);
  short.start();
  long.start();
}

async function end(): Promise<void> {
  await Promise.all([short?.stop(), long?.stop()]);
  tell({ kind: 'visits', visits });
  visits = [];
}

function tell(report: LoadReport): void {
  if (process.connected) process.send?.(report);
}

process.on('message', (order: LoadOrder) => {
  if (order.kind === 'begin') begin();
  else void end();
});
process.on('disconnect', () => process.exit(0));
tell({ kind: 'ready' });
