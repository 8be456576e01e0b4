/** Keys of a config file that a running proxy cannot take: they need a start, or an upgrade. */
import { isDeepStrictEqual } from 'node:util';
import { formatAddress } from '../shared/address.ts';
import type { AdminSettings } from './admin-settings.ts';
import type { Config } from './load.ts';
import type { Settings } from './settings.ts';

const restartKeys: Readonly<Partial<Record<keyof Settings, string>>> = {
  commandSocket: 'command_socket',
  pidFile: 'pid_file_path',
  workerCount: 'worker_count',
  workerTimeoutMs: 'worker_timeout',
  orphanTimeoutMs: 'orphan_timeout',
  savedState: 'saved_state',
  automaticStateSave: 'automatic_state_save',
};

type Running = Pick<Config, 'settings' | 'admin'>;

/** One sentence for each of them that is another than at the start. */
export function restartSentences(running: Running, wanted: Running): string[] {
  const sentences = Object.entries(restartKeys).flatMap(([name, key]) => {
    const field = name as keyof Settings;
    const change = changeOf(key, running.settings[field], wanted.settings[field]);
    return change === undefined ? [] : [`${change} needs a restart of the proxy`];
  });
  return [...sentences, ...upgradeSentences(running.admin, wanted.admin)];
}

/** How others look in is set up once, by each main process. */
function upgradeSentences(running: AdminSettings, wanted: AdminSettings): string[] {
  const [now, then] = [keysOf(running), keysOf(wanted)];
  const changes = Object.keys(now).map(key => changeOf(key, now[key], then[key]));
  if (running.api?.token !== wanted.api?.token) changes.push('[admin] token: is another,');
  return changes
    .filter(change => change !== undefined)
    .map(change => `${change} needs "relais upgrade" or a restart of the proxy`);
}

/** Without the token, which is nobody's business. */
function keysOf({ api, statsd, metricsDetail, auditFile }: AdminSettings): Record<string, unknown> {
  return {
    '[admin] address': placeOf(api?.listen),
    '[metrics] address': placeOf(statsd),
    '[metrics] prefix': statsd?.prefix,
    '[metrics] tagged_metrics': statsd?.tagged,
    '[metrics] detail': metricsDetail,
    audit_logs_target: auditFile,
  };
}

function placeOf(
  listen: { readonly ip: string; readonly port: number } | { readonly path: string } | undefined,
): string | undefined {
  if (listen === undefined) return undefined;
  return 'path' in listen ? `unix://${listen.path}` : formatAddress(listen.ip, listen.port);
}

function changeOf(key: string, now: unknown, then: unknown): string | undefined {
  return isDeepStrictEqual(now, then) ? undefined : `${key}: ${show(now)} → ${show(then)}`;
}

function show(value: unknown): string {
  return value === undefined ? 'none' : String(value);
}
