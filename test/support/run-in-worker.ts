/**
 * Runs code inside a worker through Node's inspector, so that faults of a worker can be tested
 * without a door for them in the product. The proxy is started with `env: inspectable`.
 */
import WebSocket from 'ws';
import { eventually } from './eventually.ts';
import type { RunningProxy } from './start-proxy.ts';

/** Each process that is inspected takes a free port. */
export const inspectable: NodeJS.ProcessEnv = {
  ...process.env,
  NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --inspect-port=0`.trim(),
};

/** Resolves when the code was taken; what it does later is not awaited. */
export async function runInWorker(proxy: RunningProxy, pid: number, code: string): Promise<void> {
  const before = proxy.stdout().length;
  process.kill(pid, 'SIGUSR1');
  const url = await eventually(
    'the worker can be inspected',
    () => /Debugger listening on (ws:[-\w/.:]+)/.exec(proxy.stdout().slice(before))?.[1],
    30_000,
  );
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const answered = new Promise<void>(resolve => {
    socket.once('message', () => resolve());
    // It may be the worker's end.
    socket.once('close', () => resolve());
    socket.on('error', () => resolve());
  });
  const params = { expression: code, includeCommandLineAPI: true };
  socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params }));
  await answered;
  socket.terminate();
}
