/** The proxy of the soak: a real main process with two workers, and how it is configured. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { StateRequest } from '../../proxy/index.ts';
import type { Machine } from './machine.ts';

const program = path.resolve(import.meta.dirname, '../../bin/relais.js');
const SOFT_STOP_MS = 10_000;

/** As in the file; changes of the policy keep the rest. */
export const cluster: StateRequest & { kind: 'add-cluster' } = {
  kind: 'add-cluster',
  cluster: {
    id: 'soak',
    loadBalancing: 'round-robin',
    answers: {},
    // A frozen app accepts and says nothing: only a probe tells it from a slow one.
    healthCheck: { uri: '/', intervalMs: 500, timeoutMs: 1_000, unhealthyThreshold: 2 },
  },
};

export interface RunningProxy {
  readonly child: ChildProcess;
  readonly listener: string;
  readonly socket: string;
}

export async function startProxy(
  folder: string,
  machines: readonly Machine[],
): Promise<RunningProxy> {
  const backends = machines.map(
    ({ name, address }) => `{ address = "${address}", backend_id = "${name}" }`,
  );
  const file = path.join(folder, 'proxy.toml');
  await writeFile(
    file,
    `command_socket = "./sock"
log_level = "warn"
worker_count = 2
access_logs_target = "file://access.log"
[[listeners]]
address = "127.0.0.1:0"
protocol = "http"
[clusters.soak]
protocol = "http"
frontends = [{ address = "127.0.0.1:0", hostname = "soak" }]
backends = [${backends.join(', ')}]
health_check = { uri = "/", interval = 0.5, timeout = 1, unhealthy_threshold = 2 }
`,
  );
  const child = spawn(process.execPath, [program, 'start', '-c', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  const listener = await new Promise<string>((resolve, reject) => {
    child.once('exit', code => reject(new Error(`the proxy ended with ${code}: ${said}`)));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-10_000);
      const [, address] = /ready, listening on http:\/\/(\S+?),? /.exec(said) ?? [];
      if (address !== undefined) resolve(address);
    });
  });
  return { child, listener, socket: path.join(folder, 'sock') };
}

export async function stopProxy({ child }: RunningProxy): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  const watchdog = setTimeout(() => child.kill('SIGKILL'), SOFT_STOP_MS);
  child.kill('SIGTERM');
  await exited;
  clearTimeout(watchdog);
}
