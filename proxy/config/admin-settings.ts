/** How others look in: the HTTP admin API, the statsd server, the audit log. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { isLoopback, parseAddress } from '../shared/address.ts';
import { pathOfFileAddress } from '../shared/file-address.ts';
import type { MetricsDetail } from '../shared/metrics-detail.ts';
import { HERE } from '../shared/platform.ts';
import { whyUnreadable } from './answer-files.ts';
import { asTable, checkKeys, type TomlTable } from './check-keys.ts';
import type { Findings } from './findings.ts';
import { adminKeys, metricsKeys } from './known-keys.ts';
import { MAX_SOCKET_PATH_BYTES } from './settings.ts';

export interface AdminApiSettings {
  /** `ip:port` of the loopback network, or the absolute path of a unix socket. */
  readonly listen: { readonly ip: string; readonly port: number } | { readonly path: string };
  /** Whoever asks must name it; undefined only for a unix socket. */
  readonly token: string | undefined;
}

export interface StatsdSettings {
  readonly ip: string;
  readonly port: number;
  readonly prefix: string;
  /** With the labels as tags rather than as parts of the name. */
  readonly tagged: boolean;
}

export interface AdminSettings {
  /** Undefined: there is none. */
  readonly api: AdminApiSettings | undefined;
  readonly statsd: StatsdSettings | undefined;
  readonly metricsDetail: MetricsDetail;
  /** Absolute path of the audit log. */
  readonly auditFile: string | undefined;
}

const MIN_TOKEN_CHARACTERS = 16;

const apiSchema = z.object({
  address: z.string(),
  token: z.string().optional(),
  token_file: z.string().optional(),
});

const metricsSchema = z.object({
  address: z.string().optional(),
  tagged_metrics: z.boolean().default(false),
  prefix: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'must be up to 64 letters, digits, ".", "_" and "-"')
    .default('relais'),
  detail: z.enum(['process', 'frontend', 'cluster', 'backend']).default('cluster'),
});

const auditSchema = z.object({
  audit_logs_target: z.string().optional(),
  audit_logs_json_target: z.string().optional(),
});

export function decodeAdmin(
  findings: Findings,
  file: TomlTable,
  { folder, dialect }: { readonly folder: string; readonly dialect: 'today' | '2017' },
): AdminSettings | undefined {
  const api = file['admin'] === undefined ? undefined : decodeApi(findings, file['admin'], folder);
  const metrics = decodeMetrics(findings, metricsTable(findings, file['metrics'], dialect));
  const auditFile = decodeAudit(findings, file, folder);
  if (findings.hasErrors || metrics === undefined) return undefined;
  return { api, auditFile, ...metrics };
}

function decodeApi(
  findings: Findings,
  value: unknown,
  folder: string,
): AdminApiSettings | undefined {
  const table = asTable(findings, value, ['admin']);
  if (table === undefined) return undefined;
  checkKeys(findings, table, adminKeys, ['admin']);
  const keys = findings.decode(apiSchema, table, ['admin']);
  if (keys === undefined) return undefined;
  const listen = decodeListen(findings, keys.address, folder);
  const token = decodeToken(findings, keys, folder);
  if (listen === undefined) return undefined;
  if ('ip' in listen && token === undefined) {
    findings.error(
      ['admin'],
      'needs token_file (or token): every user of this computer can connect to an address; ' +
        'a unix socket ("unix://PATH") is open to its owner only and needs none',
    );
  }
  return { listen, token };
}

function decodeListen(
  findings: Findings,
  text: string,
  folder: string,
): AdminApiSettings['listen'] | undefined {
  const place = ['admin', 'address'];
  if (text.startsWith('unix://')) {
    const absolute = path.resolve(folder, text.slice('unix://'.length));
    if (Buffer.byteLength(absolute) <= MAX_SOCKET_PATH_BYTES) return { path: absolute };
    findings.error(place, `a socket path has at most ${MAX_SOCKET_PATH_BYTES} bytes`);
    return undefined;
  }
  const address = parseAddress(text);
  if (!address.ok) {
    findings.error(place, `${address.error.message}; or write "unix://PATH"`);
    return undefined;
  }
  if (isLoopback(address.value.ip)) return address.value;
  findings.error(
    place,
    `${text} can be reached from other computers: only 127.0.0.0/8, [::1] or a unix socket`,
  );
  return undefined;
}

function decodeToken(
  findings: Findings,
  keys: z.infer<typeof apiSchema>,
  folder: string,
): string | undefined {
  const { token, token_file: file } = keys;
  if (token !== undefined && file !== undefined) {
    findings.error(['admin', 'token'], 'give the token or the token_file, not both');
    return undefined;
  }
  const place = ['admin', file === undefined ? 'token' : 'token_file'];
  const text = file === undefined ? token : readToken(findings, path.resolve(folder, file));
  if (text === undefined) return undefined;
  if (/^[\x21-\x7e]+$/.test(text) && text.length >= MIN_TOKEN_CHARACTERS) return text;
  findings.error(
    place,
    `the token must be at least ${MIN_TOKEN_CHARACTERS} characters of ASCII without spaces; ` +
      'openssl rand -hex 32 makes a good one',
  );
  return undefined;
}

function readToken(findings: Findings, file: string): string | undefined {
  const place = ['admin', 'token_file'];
  try {
    const text = readFileSync(file, 'utf8').trim();
    if (HERE !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
      findings.warn(place, `${file} can be read by others`, { fix: `chmod 600 ${file}` });
    }
    return text;
  } catch (cause) {
    findings.error(place, `cannot read ${file}: ${whyUnreadable(cause)}`);
    return undefined;
  }
}

/** The demo file of 2017 names a statsd server that nobody who tries it has. */
function metricsTable(findings: Findings, value: unknown, dialect: 'today' | '2017'): unknown {
  if (value === undefined || dialect === 'today') return value ?? {};
  findings.note(
    ['metrics'],
    "has no effect in the format of 2017; in today's format metrics are sent to a statsd server",
  );
  return {};
}

function decodeMetrics(
  findings: Findings,
  value: unknown,
): Pick<AdminSettings, 'statsd' | 'metricsDetail'> | undefined {
  const table = asTable(findings, value, ['metrics']);
  if (table === undefined) return undefined;
  checkKeys(findings, table, metricsKeys, ['metrics']);
  const keys = findings.decode(metricsSchema, table, ['metrics']);
  if (keys === undefined) return undefined;
  // Sōzu takes the word and means the processes, too.
  const metricsDetail = keys.detail === 'frontend' ? 'process' : keys.detail;
  if (keys.address === undefined) return { statsd: undefined, metricsDetail };
  const address = parseAddress(keys.address);
  if (!address.ok) {
    findings.error(['metrics', 'address'], address.error.message);
    return undefined;
  }
  const { prefix, tagged_metrics: tagged } = keys;
  return { statsd: { ...address.value, prefix, tagged }, metricsDetail };
}

function decodeAudit(findings: Findings, file: TomlTable, folder: string): string | undefined {
  const keys = findings.decode(auditSchema, file, []);
  const files = Object.entries(keys ?? {}).map(([key, text = '']) => {
    if (/^[a-z]+:\/\//.test(text) && !text.startsWith('file://')) {
      findings.error([key], `"${text}" is not possible: write "file://PATH"`);
    }
    return path.resolve(folder, pathOfFileAddress(text) ?? text);
  });
  if (new Set(files).size > 1) {
    findings.error(
      ['audit_logs_json_target'],
      'names another file than audit_logs_target: there is one audit log, as JSON lines',
    );
  }
  return files[0];
}
