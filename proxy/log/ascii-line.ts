/**
 * The access log as Sōzu writes it in ASCII, field by field:
 *
 *     time ns pid level worker⇥[session request cluster backend] client backend
 *     total/service/response/rtt/rtt in out [tags, user-agent=…] trace protocol host method path status | message
 */
import type { LogClock } from './log-clock.ts';
import { type LineFormat, type LoggedRequest, lastBackend, type Tags } from './logged-request.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not get through
const UNSAFE = /[\u0000-\u001f\u007f-\uffff]/g;

export function asciiLines(workerId: number, pid: number, clock: LogClock): LineFormat {
  const worker = `WRK-${String(workerId).padStart(2, '0')}`;
  return (request, _listener, endedAt) => {
    const { client, requestId, cluster, status } = request;
    const backend = lastBackend(request);
    const clusterId = backend?.clusterId ?? cluster?.id ?? '';
    const message = request.message === '' ? '' : ` | ${clean(request.message)}`;
    return (
      `${clock.micros(endedAt)} ${nanos(clock.wallMs(endedAt))} ${pid} ${levelOf(request)} ` +
      `${worker}\t[${client.peer} ${orDash(requestId)} ${orDash(clusterId)} ` +
      `${orDash(backend?.backendId ?? '')}] ${client.peer} ${orDash(backend?.address ?? '')} ` +
      `${times(request, endedAt)} ${request.bytesIn} ${request.bytesOut} ` +
      `[${fullTags(request)}] ${traceOf(request)} ${request.tunnel ? 'WS' : 'HTTP'} ` +
      `${orDash(request.hostname)} ${orDash(request.method)} ${orDash(request.target)} ` +
      `${status === 0 ? '-' : status}${message}\n`
    );
  };
}

/** What the proxy had to answer or end by itself is an error there. */
function levelOf({ ownAnswer, complete }: LoggedRequest): string {
  return ownAnswer || !complete ? 'ERROR-ACCESS' : 'INFO-ACCESS ';
}

/** Whole, the proxy's part, the backend's part; round-trip times are not known in user space. */
function times({ startedAt, connectedAt, answeredAt }: LoggedRequest, endedAt: number): string {
  const total = endedAt - startedAt;
  const response = connectedAt === 0 || answeredAt === 0 ? undefined : answeredAt - connectedAt;
  const service = total - (response ?? 0);
  return `${duration(total)}/${duration(service)}/${duration(response)}/-/-`;
}

/** ns below 10 µs, µs below 10 ms, ms below 10 s, else s. The sign is `u`: the line is ASCII. */
export function duration(ms: number | undefined): string {
  if (ms === undefined) return '-';
  const ns = Math.max(0, Math.round(ms * 1e6));
  if (ns < 10_000) return `${ns}ns`;
  if (ns < 10_000_000) return `${Math.floor(ns / 1000)}us`;
  if (ns < 10_000_000_000) return `${Math.floor(ns / 1e6)}ms`;
  return `${Math.floor(ns / 1e9)}s`;
}

/** Nanoseconds since 1970 do not fit into a number. */
function nanos(wallMs: number): string {
  const ms = Math.floor(wallMs);
  const rest = Math.floor((wallMs - ms) * 1e6);
  return `${ms}${String(rest).padStart(6, '0')}`;
}

function fullTags({ frontend, userAgent }: LoggedRequest): string {
  const own = frontend?.tags === undefined ? '' : tagText(frontend.tags);
  if (userAgent === '') return own;
  const agent = clean(userAgent).replaceAll(' ', '_').replaceAll('[', '{').replaceAll(']', '}');
  return own === '' ? `user-agent=${agent}` : `${own}, user-agent=${agent}`;
}

function tagText(tags: Tags): string {
  const pairs = Object.entries(tags).map(([name, value]) => `${name}=${value}`);
  return clean(pairs.join(', '));
}

function traceOf({ traceId, spanId }: LoggedRequest): string {
  return traceId === '' ? 'None' : `Some(${traceId} ${spanId})`;
}

function orDash(text: string): string {
  return text === '' ? '-' : clean(text);
}

/** A control character could end the line early; one beyond ASCII could do so in some terminals. */
function clean(text: string): string {
  return text.replace(UNSAFE, '?');
}
