/** One change as one JSON line of ASCII. Pure. */
import type { Origin } from './origin.ts';

export type AuditResult =
  | 'ok'
  /** Understood, but it could not be done. */
  | 'refused'
  /** Not understood. */
  | 'invalid'
  /** Who asked may not ask. */
  | 'denied';

export interface FanOut {
  readonly ok: number;
  readonly expected: number;
}

export interface AuditRecord {
  readonly origin: Origin;
  readonly verb: string;
  readonly target: string;
  readonly clusterId?: string | undefined;
  readonly backendId?: string | undefined;
  readonly result: AuditResult;
  readonly message: string;
  readonly elapsedMs: number;
  /** Undefined when no worker was told. */
  readonly fanOut?: FanOut | undefined;
  readonly dryRun: boolean;
  /** Of the request as JSON; undefined when it could not be read. */
  readonly sha256?: string | undefined;
}

export interface AuditStamp {
  /** ISO 8601. */
  readonly ts: string;
  readonly seq: number;
  readonly pid: number;
  readonly version: string;
}

const MAX_TEXT = 1024;

export function auditLine(record: AuditRecord, stamp: AuditStamp): string {
  const { origin, fanOut } = record;
  const by = origin.by;
  const line = {
    ts: stamp.ts,
    seq: stamp.seq,
    main_pid: stamp.pid,
    relais_version: stamp.version,
    via: origin.via,
    client_id: origin.clientId,
    actor: {
      uid: by?.uid ?? null,
      gid: by?.gid ?? null,
      pid: by?.pid ?? null,
      user: by?.user === undefined ? null : plain(by.user),
      comm: by?.comm === undefined ? null : plain(by.comm),
      // The main process knows itself; of others it knows what they say.
      self_declared: origin.via === 'socket' || origin.via === 'http',
    },
    verb: plain(record.verb),
    target: plain(record.target),
    cluster_id: record.clusterId === undefined ? null : plain(record.clusterId),
    backend_id: record.backendId === undefined ? null : plain(record.backendId),
    result: record.result,
    message: plain(record.message),
    dry_run: record.dryRun,
    elapsed_ms: Math.round(record.elapsedMs * 1000) / 1000,
    fan_out:
      fanOut === undefined
        ? null
        : {
            workers_ok: fanOut.ok,
            workers_err: Math.max(0, fanOut.expected - fanOut.ok),
            workers_expected: fanOut.expected,
          },
    request_sha256: record.sha256 ?? null,
  };
  return `${ascii(JSON.stringify(line))}\n`;
}

/** What could forge a line or move a terminal's cursor becomes "?". */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: replacing them is the point
  return text.slice(0, MAX_TEXT).replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '?');
}

function ascii(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, unit => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
