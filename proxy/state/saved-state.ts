/**
 * The text of a saved state: one JSON value per line.
 *
 *     {"format":"relais state","version":1,"time":…,"requests":N,"fileHas":A,"fileLacks":B,"hash":…}
 *     N requests that make the state of nothing
 *     A requests that the config file had at that time and the state had not
 *     B requests that the state had and the file had not
 *     {"end":"relais state","sha256":…}            of every byte before this line
 *
 * So the file of that time can be told apart from what was changed at run time. Whatever does not
 * end as it should, in every byte, is refused whole.
 */
import { createHash } from 'node:crypto';
import { decodeRequest } from '../command/decode.ts';
import type { ProxyRequest, StateRequest } from '../command/requests.ts';
import { ProxyError } from '../shared/errors.ts';
import { plural } from '../shared/plural.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { buildState } from './build-state.ts';
import type { ConfigState } from './config-state.ts';
import { hash } from './hash.ts';
import { replay } from './replay.ts';

export interface SavedState {
  /** ISO 8601. */
  readonly time: string;
  readonly requests: number;
  readonly state: ConfigState;
  /** What the config file said when the state was saved. */
  readonly file: ConfigState;
}

interface Header {
  readonly format: string;
  readonly version: number;
  readonly time: string;
  readonly requests: number;
  readonly fileHas: number;
  readonly fileLacks: number;
  /** For people who compare; the checksum is what counts. */
  readonly hash: string;
}

const FORMAT = 'relais state';
const VERSION = 1;
const NEWLINE = 0x0a;

/** `requests`: how many of them make the state. */
export function encodeState(
  state: ConfigState,
  file: ConfigState,
  time: Date,
): { readonly text: string; readonly requests: number } {
  const [live, base] = [linesOf(state), linesOf(file)];
  const fileHas = missingIn(base, live);
  const fileLacks = missingIn(live, base);
  const header: Header = {
    format: FORMAT,
    version: VERSION,
    time: time.toISOString(),
    requests: live.length,
    fileHas: fileHas.length,
    fileLacks: fileLacks.length,
    hash: hash(state),
  };
  const lines = [JSON.stringify(header), ...live, ...fileHas, ...fileLacks];
  const body = `${lines.join('\n')}\n`;
  return { text: body + trailer(body), requests: live.length };
}

/** The message says what is wrong with the bytes, not where they come from. */
export function decodeState(stored: Buffer): Result<SavedState, ProxyError> {
  if (stored.length === 0) return broken('it is empty');
  const bytes = withUnixLines(stored);
  const header = readHeader(bytes);
  if (!header.ok) return header;
  // The line before the last newline; without one, the end is missing.
  const start = bytes.lastIndexOf(NEWLINE, -2) + 1;
  const body = bytes.subarray(0, start);
  if (bytes.subarray(start).toString() !== trailer(body)) {
    return broken(
      'it is cut off, or bytes of it are changed: the checksum at its end is not right',
    );
  }
  return decodeLines(header.value, body.toString().split('\n').slice(1, -1));
}

/** As written: git and editors of Windows end lines in CR LF, and JSON has no such bytes of its own. */
function withUnixLines(bytes: Buffer): Buffer {
  return bytes.includes('\r\n')
    ? Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
    : bytes;
}

function decodeLines(header: Header, lines: readonly string[]): Result<SavedState, ProxyError> {
  const { requests, fileHas, fileLacks, time } = header;
  if (lines.length !== requests + fileHas + fileLacks) {
    return broken(`it has ${plural(lines.length, 'line')}, its first line says otherwise`);
  }
  const live = lines.slice(0, requests);
  const lacking = new Set(lines.slice(requests + fileHas));
  const base = [
    ...live.filter(line => !lacking.has(line)),
    ...lines.slice(requests, requests + fileHas),
  ];
  const state = stateOf(live);
  if (!state.ok) return state;
  const file = stateOf(base.sort(byRank));
  if (!file.ok) return file;
  return ok({ time, requests, state: state.value, file: file.value });
}

function readHeader(bytes: Buffer): Result<Header, ProxyError> {
  const end = bytes.indexOf(NEWLINE);
  const header = parse(bytes.subarray(0, end === -1 ? bytes.length : end).toString());
  if (header?.['format'] !== FORMAT) return broken('it does not begin as a saved state does');
  if (header['version'] !== VERSION) {
    return broken(
      `its format is version ${String(header['version'])}, this proxy reads ${VERSION}`,
    );
  }
  return ok(header as unknown as Header);
}

function stateOf(lines: readonly string[]): Result<ConfigState, ProxyError> {
  const requests: StateRequest[] = [];
  for (const line of lines) {
    const request = decodeRequest(parse(line) ?? {});
    if (!request.ok) return broken(`a request in it is not valid: ${request.error.message}`);
    if (!isPart(request.value)) return broken(`"${request.value.kind}" is no part of a state`);
    requests.push(request.value);
  }
  return buildState(requests);
}

function linesOf(state: ConfigState): string[] {
  return replay(state).map(request => JSON.stringify(request));
}

function missingIn(lines: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return lines.filter(line => !known.has(line));
}

const ranks: readonly string[] = [
  'configure',
  'add-listener',
  'add-cluster',
  'add-backend',
  'add-frontend',
];

function isPart(request: ProxyRequest): request is StateRequest {
  return ranks.includes(request.kind);
}

/** What the file had beside the state comes to its place: clusters before their backends. */
function byRank(one: string, other: string): number {
  return rankOf(one) - rankOf(other);
}

/** Every line begins with its kind: that is how it was written. */
function rankOf(line: string): number {
  return ranks.findIndex(kind => line.startsWith(`{"kind":"${kind}"`));
}

function trailer(body: string | Buffer): string {
  const sha256 = createHash('sha256').update(body).digest('hex');
  return `${JSON.stringify({ end: FORMAT, sha256 })}\n`;
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function broken(why: string): Result<never, ProxyError> {
  return err(new ProxyError('PROXY_STATE_INVALID', why));
}
