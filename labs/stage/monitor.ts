/** A Prometheus beside the proxies that reads the metrics of the lab's own once a second. */
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AddressPlan } from '../../vms/address-plan.ts';
import type { Room } from '../../vms/provider.ts';
import type { ConfigTable, ProxyPlan } from '../harness/proxy-plan.ts';
import { prometheusProgram } from '../harness/run/imitations.ts';

export const MONITOR = 'monitor';

/** Beside the machines only: below the ports of the proxies. */
const ADMIN_BELOW = 5;
const MONITOR_BELOW = 4;
const TOKEN_FILE = 'admin.token';
const CONFIG_FILE = 'prometheus.yml';

const standInProgram = path.resolve(import.meta.dirname, '../monitor/stand-in.js');

export interface MonitorPlan {
  /** Where the proxy tells its metrics. */
  readonly admin: string;
  /** Where Prometheus, or what stands in for it, answers. */
  readonly monitor: string;
}

/** Undefined when the lab wants none. */
export function monitorPlan(
  { monitor = false }: ProxyPlan<string>,
  { proxyPort }: AddressPlan,
): MonitorPlan | undefined {
  if (!monitor) return undefined;
  return {
    admin: `127.0.0.1:${proxyPort - ADMIN_BELOW}`,
    monitor: `127.0.0.1:${proxyPort - MONITOR_BELOW}`,
  };
}

/** What the proxy needs in its configuration, to be read by a program that knows the token. */
export function adminKeys({ admin }: MonitorPlan): ConfigTable {
  return {
    admin: { address: admin, token_file: `./${TOKEN_FILE}` },
    metrics: { detail: 'backend' },
  };
}

/** The token and the configuration lie beside that of the proxy. */
export async function writeMonitorFiles(folder: string, { admin }: MonitorPlan): Promise<void> {
  await mkdir(folder, { recursive: true });
  const token = randomBytes(32).toString('hex');
  await writeFile(path.join(folder, TOKEN_FILE), `${token}\n`, { mode: 0o600 });
  const config = `global:
  scrape_interval: 1s
scrape_configs:
  - job_name: relais
    authorization:
      credentials_file: ${TOKEN_FILE}
    static_configs:
      - targets: ['${admin}']
`;
  await writeFile(path.join(folder, CONFIG_FILE), config);
}

/** Of what Prometheus keeps, in the folder of the instance. */
export function monitorData(instance: string): string {
  return path.join(instance, 'prometheus');
}

export interface MonitorRequest {
  readonly room: Room;
  /** Of the proxy's configuration. */
  readonly folder: string;
  /** For what Prometheus keeps; gone with the stage. */
  readonly dataFolder: string;
  readonly plan: MonitorPlan;
}

export async function startMonitor(request: MonitorRequest): Promise<void> {
  const { room, folder, dataFolder, plan } = request;
  const port = plan.monitor.slice(plan.monitor.lastIndexOf(':') + 1);
  const real = [
    `--config.file=${path.join(folder, CONFIG_FILE)}`,
    `--storage.tsdb.path=${dataFolder}`,
    `--web.listen-address=${plan.monitor}`,
    '--log.level=warn',
  ];
  const url = `http://${plan.admin}/metrics`;
  const standIn = [standInProgram, url, path.join(folder, TOKEN_FILE), port];
  await room.spawnHub({
    name: MONITOR,
    file: prometheusProgram ?? process.execPath,
    args: prometheusProgram === undefined ? standIn : real,
    cwd: folder,
    sockets: [],
  });
}
