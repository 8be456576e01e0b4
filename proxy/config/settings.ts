/** The keys of the process itself, the same in both dialects: socket, log, workers. */
import path from 'node:path';
import * as z from 'zod';
import { LONGEST_SUFFIX_BYTES } from '../command/hand-over.ts';
import type { DataPlaneSettings } from '../command/requests.ts';
import { pathOfFileAddress } from '../shared/file-address.ts';
import { LOG_LEVELS, type LogLevel } from '../shared/log-level.ts';
import { socketPathBytes } from '../shared/socket-path.ts';
import type { TomlTable } from './check-keys.ts';
import type { Findings } from './findings.ts';
import {
  type ClusterDefaults,
  DEFAULT_LIMITS,
  type Limits,
  limitsSchema,
  mergeLimits,
} from './limits.ts';
import { setKeys } from './set-keys.ts';
import { countOrOffField, secondsField, secondsOrOffField } from './units.ts';

export interface Settings {
  /** Absolute. */
  readonly commandSocket: string;
  readonly logLevel: LogLevel;
  /** Absolute path of a file. */
  readonly logTarget: 'stdout' | { readonly file: string };
  /** Absolute path of the file for what is changed at run time. */
  readonly savedState?: string;
  /** After every change. */
  readonly automaticStateSave: boolean;
  readonly workerCount: number;
  /** Absolute; undefined: no pid file. */
  readonly pidFile: string | undefined;
  /** Silence of a worker after which it is ended and replaced. */
  readonly workerTimeoutMs: number;
  /** How long workers serve on after the main process died; 0: for ever. */
  readonly orphanTimeoutMs: number;
  readonly limits: Limits;
  /** False: listeners are known, but do not accept until they are told to. */
  readonly activateListeners: boolean;
  readonly clusterDefaults: ClusterDefaults;
  readonly dataPlane: DataPlaneSettings;
}

/** Sockets of a hand-over have the same path with something behind it. */
export const MAX_SOCKET_PATH_BYTES: number = socketPathBytes() - LONGEST_SUFFIX_BYTES;

const DEFAULT_WORKER_TIMEOUT_MS = 10_000;

const schema = z.object({
  command_socket: z.string().min(1, 'may not be empty').default('./relais.sock'),
  log_level: z.enum(LOG_LEVELS).optional(),
  log_target: z.string().optional(),
  disable_cluster_metrics: z.boolean().optional(),
  access_logs_target: z.string().optional(),
  access_logs_format: z.enum(['json', 'ascii']).default('json'),
  max_connections_total: countOrOffField.optional(),
  evict_on_queue_full: z.boolean().optional(),
  max_connections_per_ip: countOrOffField.optional(),
  activate_listeners: z.boolean().default(true),
  retry_after: z.int().min(0).max(86_400).optional(),
  saved_state: z.string().min(1, 'may not be empty').optional(),
  automatic_state_save: z.boolean().default(false),
  worker_timeout: secondsField.optional(),
  orphan_timeout: secondsOrOffField.optional(),
  pid_file_path: z.string().min(1, 'may not be empty').optional(),
  worker_count: z.int().min(1, 'must be at least 1').max(256, 'is more than 256').default(2),
});

export function decodeSettings(
  findings: Findings,
  table: TomlTable,
  folder: string,
): Settings | undefined {
  const keys = findings.decode(schema, table, []);
  const limits = findings.decode(limitsSchema, table, []);
  if (keys === undefined || limits === undefined) return undefined;
  const logTarget = decodeLogTarget(findings, 'log_target', keys.log_target ?? 'stdout', folder);
  const { access_logs_target: access, access_logs_format: format } = keys;
  const target =
    access === undefined
      ? undefined
      : decodeLogTarget(findings, 'access_logs_target', access, folder);
  if (logTarget === undefined) return undefined;
  if (keys.automatic_state_save && keys.saved_state === undefined) {
    findings.error(['automatic_state_save'], 'needs to know where: saved_state is missing', {
      fix: 'add saved_state = "./state.json"',
    });
  }
  return {
    commandSocket: resolveSocket(findings, keys.command_socket, folder),
    logLevel: keys.log_level ?? 'info',
    logTarget,
    ...setKeys({ savedState: keys.saved_state && path.resolve(folder, keys.saved_state) }),
    automaticStateSave: keys.automatic_state_save,
    workerCount: keys.worker_count,
    pidFile: keys.pid_file_path && path.resolve(folder, keys.pid_file_path),
    orphanTimeoutMs: keys.orphan_timeout ?? 0,
    workerTimeoutMs: keys.worker_timeout ?? DEFAULT_WORKER_TIMEOUT_MS,
    limits: mergeLimits(DEFAULT_LIMITS, limits),
    activateListeners: keys.activate_listeners,
    clusterDefaults: { retryAfterSeconds: keys.retry_after },
    dataPlane: setKeys({
      maxConnections: keys.max_connections_total,
      evictOnFull: keys.evict_on_queue_full,
      maxConnectionsPerIp: keys.max_connections_per_ip,
      logLevel: keys.log_level,
      logTarget: keys.log_target === undefined ? undefined : logTarget,
      clusterMetrics: keys.disable_cluster_metrics === true ? false : undefined,
      accessLog: target === undefined ? undefined : { target, format },
    }),
  };
}

function resolveSocket(findings: Findings, text: string, folder: string): string {
  const absolute = path.resolve(folder, text);
  const size = Buffer.byteLength(absolute);
  if (size > MAX_SOCKET_PATH_BYTES) {
    findings.error(
      ['command_socket'],
      `${absolute} has ${size} bytes, the path of the command socket has at most ${MAX_SOCKET_PATH_BYTES}: ` +
        'choose a shorter one, such as "/tmp/relais.sock"',
    );
  }
  return absolute;
}

function decodeLogTarget(
  findings: Findings,
  key: string,
  text: string,
  folder: string,
): Settings['logTarget'] | undefined {
  if (text === 'stdout') return 'stdout';
  const file = pathOfFileAddress(text);
  if (file !== undefined) return { file: path.resolve(folder, file) };
  findings.error([key], `"${text}" is not possible: write "stdout" or "file://PATH"`);
  return undefined;
}
