/** The access log as JSON lines: the same keys in the same order in every line. */
import { jsonText } from './json-text.ts';
import { decimalMs, type LogClock } from './log-clock.ts';
import {
  countTries,
  type LineFormat,
  type LoggedBackend,
  type LoggedRequest,
  type LoggedTry,
  lastBackend,
  type Tags,
} from './logged-request.ts';

/**
 * What repeats from request to request is kept as finished text, because few long pieces are put
 * together much faster than many short ones: a millisecond's, a backend's part, tags,
 * and the end of the line for a client that sends the same user agent and referer again.
 */
export function jsonLines(workerId: number, clock: LogClock): LineFormat {
  const workerText = `"worker":${workerId},"client":"`;
  const backendOf = remembered(backendText);
  const tagsOf = remembered(tagsText);
  let millisecond = Number.NaN;
  let timeText = '';
  let userAgent = '';
  let referer = '';
  let tail = tailText('', '');

  function timeOf(endedAt: number): string {
    const wallMs = Math.floor(clock.wallMs(endedAt));
    if (wallMs !== millisecond) {
      millisecond = wallMs;
      timeText = `{"time":"${clock.millis(endedAt)}","request_id":`;
    }
    return timeText;
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
    const { startedAt, status, traceId, frontend, message, attempts } = request;
    const backend = lastBackend(request);
    const tags = frontend?.tags;
    return (
      `${timeOf(endedAt)}${jsonText(request.requestId)},` +
      `${traceId === '' ? NO_TRACE : traceText(request)}${workerText}${request.client.peer}` +
      `","listener":"${listener}","client_ip":"${request.clientIp}","protocol":"${request.tunnel ? 'WS' : 'HTTP'}",` +
      `"method":${idText(request.method)},"host":${jsonText(request.hostname)},` +
      `"target":${jsonText(request.target)},"status":${status === 0 ? 'null' : status},` +
      `"bytes_in":${request.bytesIn},"bytes_out":${request.bytesOut},` +
      `${backend === undefined ? noBackendText(request.cluster) : backendOf(backend)}` +
      `"tags":${tags === undefined ? 'null' : tagsOf(tags)},"attempts":${countTries(request)},` +
      `${attempts === undefined ? NO_TRIES : triesText(attempts)}${choiceText(request)}` +
      `"duration_ms":${decimalMs(endedAt - startedAt)},` +
      `"connect_ms":${sinceStart(request.connectedAt, startedAt)},` +
      `"first_byte_ms":${sinceStart(request.answeredAt, startedAt)},${flagsOf(request)}` +
      `${message === '' ? NO_MESSAGE : `"message":${jsonText(message)}`}${tailOf(request)}`
    );
  };
}

const NO_TRACE = '"trace_id":null,"span_id":null,';
const NO_TRIES = '"tries":null,';
const NO_CHOICE = '"chosen_by":null,"chosen_among":null,';
const NO_MESSAGE = '"message":null';

function traceText({ traceId, spanId }: LoggedRequest): string {
  return `"trace_id":"${traceId}","span_id":"${spanId}",`;
}

/** More are only counted: a cluster may have hundreds of backends that refuse. */
const MOST_TRIES = 12;

function triesText(tries: readonly LoggedTry[]): string {
  const told = tries.slice(0, MOST_TRIES).map(({ backend, outcome, durationMs, status }) => {
    const { backendId, address } = backend;
    return (
      `{"backend":${jsonText(backendId)},"address":${jsonText(address)},"outcome":"${outcome}",` +
      `"status":${status === 0 ? 'null' : status},"duration_ms":${decimalMs(durationMs)}}`
    );
  });
  return `"tries":[${told.join(',')}],`;
}

function choiceText({ chosenBy, chosenAmong }: LoggedRequest): string {
  return chosenBy === '' ? NO_CHOICE : `"chosen_by":"${chosenBy}","chosen_among":${chosenAmong},`;
}

const FLAGS = ['client_reused', 'backend_reused', 'keep_alive', 'complete', 'own_answer'];
/** All combinations, by the number that the flags make as bits. */
const FLAG_TEXTS: readonly string[] = Array.from({ length: 2 ** FLAGS.length }, (_, bits) =>
  FLAGS.map((name, bit) => `"${name}":${(bits & (1 << bit)) !== 0},`).join(''),
);

function flagsOf(request: LoggedRequest): string {
  const bits =
    (request.requestsOnConnection > 1 ? 1 : 0) |
    (request.backendReused ? 2 : 0) |
    (request.keepAlive ? 4 : 0) |
    (request.complete ? 8 : 0) |
    (request.ownAnswer ? 16 : 0);
  return FLAG_TEXTS[bits] as string;
}

/** The text of a thing that does not change, made once for as long as the thing is there. */
function remembered<T extends object>(textOf: (thing: T) => string): (thing: T) => string {
  const texts = new WeakMap<T, string>();
  return thing => {
    const known = texts.get(thing);
    if (known !== undefined) return known;
    const text = textOf(thing);
    texts.set(thing, text);
    return text;
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
    `"backend_address":${jsonText(address)},` +
    `"version":${version === '' ? 'null' : fromConfig(version)},`
  );
}

function noBackendText(cluster: LoggedRequest['cluster']): string {
  const id = jsonText(cluster?.id ?? '');
  return `"cluster":${id},"backend":null,"backend_address":null,"version":null,`;
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
