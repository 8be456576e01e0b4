/** The access log as JSON lines: the same keys in the same order in every line. */
import { jsonText } from './json-text.ts';
import { decimalMs, type LogClock } from './log-clock.ts';
import {
  countTries,
  type LineFormat,
  type LoggedBackend,
  type LoggedRequest,
  lastBackend,
  type Tags,
} from './logged-request.ts';

/**
 * What repeats from request to request is kept as finished text: a backend's part, tags, and the
 * end of the line for a client that sends the same user agent and referer again.
 */
export function jsonLines(workerId: number, clock: LogClock): LineFormat {
  const backends = new WeakMap<LoggedBackend, string>();
  const tagTexts = new WeakMap<Tags, string>();
  let userAgent = '';
  let referer = '';
  let tail = tailText('', '');

  function backendOf(request: LoggedRequest): string {
    const backend = lastBackend(request);
    if (backend === undefined) return noBackendText(request.cluster?.id ?? '');
    const known = backends.get(backend);
    if (known !== undefined) return known;
    const text = backendText(backend);
    backends.set(backend, text);
    return text;
  }

  function tagsOf({ frontend }: LoggedRequest): string {
    const tags = frontend?.tags;
    if (tags === undefined) return 'null';
    const known = tagTexts.get(tags);
    if (known !== undefined) return known;
    const text = tagsText(tags);
    tagTexts.set(tags, text);
    return text;
  }

  function tailOf(request: LoggedRequest): string {
    if (request.userAgent !== userAgent || request.referer !== referer) {
      userAgent = request.userAgent;
      referer = request.referer;
      tail = tailText(userAgent, referer);
    }
    return tail;
  }

  return (request, listener, endedAt) => {
    const { startedAt, status, connectedAt, answeredAt } = request;
    return (
      `{"time":"${clock.millis(endedAt)}","request_id":${jsonText(request.requestId)},` +
      `"trace_id":${idText(request.traceId)},"span_id":${idText(request.spanId)},` +
      `"worker":${workerId},"client":"${request.client.peer}",` +
      `"client_ip":"${request.clientIp}","listener":"${listener}",` +
      `"protocol":"${request.tunnel ? 'WS' : 'HTTP'}","method":${idText(request.method)},` +
      `"host":${jsonText(request.hostname)},"target":${jsonText(request.target)},` +
      `"status":${status === 0 ? 'null' : status},` +
      `"bytes_in":${request.bytesIn},"bytes_out":${request.bytesOut},${backendOf(request)},` +
      `"tags":${tagsOf(request)},"attempts":${countTries(request)},` +
      `"duration_ms":${decimalMs(endedAt - startedAt)},` +
      `"connect_ms":${sinceStart(connectedAt, startedAt)},` +
      `"first_byte_ms":${sinceStart(answeredAt, startedAt)},` +
      `"client_reused":${request.requestsOnConnection > 1},` +
      `"backend_reused":${request.backendReused},"keep_alive":${request.keepAlive},` +
      `"complete":${request.complete},"own_answer":${request.ownAnswer},` +
      `"message":${jsonText(request.message)}${tailOf(request)}`
    );
  };
}

function sinceStart(at: number, startedAt: number): string {
  return at === 0 ? 'null' : decimalMs(at - startedAt);
}

/** For what was checked to be visible ASCII without quotes when it was read. */
function idText(text: string): string {
  return text === '' ? 'null' : `"${text}"`;
}

function backendText({ clusterId, backendId, address, options }: LoggedBackend): string {
  const version = options?.version ?? '';
  return (
    `"cluster":${jsonText(clusterId)},"backend":${jsonText(backendId)},` +
    `"backend_address":${jsonText(address)},"version":${version === '' ? 'null' : fromConfig(version)}`
  );
}

function noBackendText(clusterId: string): string {
  return `"cluster":${jsonText(clusterId)},"backend":null,"backend_address":null,"version":null`;
}

function tagsText(tags: Tags): string {
  const members = Object.entries(tags).map(
    ([name, value]) => `${fromConfig(name)}:${fromConfig(value)}`,
  );
  return `{${members.join(',')}}`;
}

function tailText(userAgent: string, referer: string): string {
  return `,"user_agent":${jsonText(userAgent)},"referer":${jsonText(referer)}}\n`;
}

/** Text of the configuration is not Latin-1. */
function fromConfig(text: string): string {
  return text === '' ? '""' : jsonText(Buffer.from(text, 'utf8').toString('latin1'));
}
