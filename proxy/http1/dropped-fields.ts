/** Which received fields do not travel on: tables with 1 for the numbers of those that stay here. */
import {
  CONNECTION,
  CONTENT_LENGTH,
  EXPECT,
  FORWARDED,
  KEEP_ALIVE,
  KNOWN_FIELD_COUNT,
  LOOKALIKE,
  PROXY_CONNECTION,
  TE,
  TRACEPARENT,
  TRANSFER_ENCODING,
  UPGRADE,
  X_FORWARDED_FOR,
  X_FORWARDED_HOST,
  X_FORWARDED_PORT,
  X_FORWARDED_PREFIX,
  X_FORWARDED_PROTO,
  X_FORWARDED_SCHEME,
  X_FORWARDED_SERVER,
  X_FORWARDED_SSL,
  X_REAL_IP,
  X_REQUEST_ID,
} from './known-fields.ts';

function dropTable(...ids: readonly number[]): Uint8Array {
  const table = new Uint8Array(KNOWN_FIELD_COUNT);
  for (const id of ids) table[id] = 1;
  return table;
}

/** Hop-by-hop whether named by Connection or not; the coding is written anew where one is used. */
const hopByHop = [CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, TE, TRANSFER_ENCODING, UPGRADE];
/** Written anew for every request, with what was received taken into account. */
const rewritten = [X_FORWARDED_FOR, FORWARDED, X_REQUEST_ID, TRACEPARENT, LOOKALIKE];
/** What only the first proxy can know: from anybody else a claim, and attackers make claims. */
const claims = [
  X_FORWARDED_PROTO,
  X_FORWARDED_PORT,
  X_FORWARDED_HOST,
  X_FORWARDED_SERVER,
  X_FORWARDED_PREFIX,
  X_FORWARDED_SCHEME,
  X_FORWARDED_SSL,
];

export interface RequestDrops {
  readonly http11: Uint8Array;
  /** RFC 9110 §10.1.1: an expectation of an HTTP/1.0 client is ignored. */
  readonly http10: Uint8Array;
}

function requestDropTables(...more: readonly number[]): RequestDrops {
  const ids = [...hopByHop, ...rewritten, ...more];
  return { http11: dropTable(...ids), http10: dropTable(...ids, EXPECT) };
}

const fromAnybody = requestDropTables(...claims);
const fromAnybodyNoRealIp = requestDropTables(...claims, X_REAL_IP);
const fromProxy = requestDropTables();
const fromProxyNoRealIp = requestDropTables(X_REAL_IP);

export function requestDrops(isFromProxy: boolean, dropsRealIp: boolean): RequestDrops {
  if (isFromProxy) return dropsRealIp ? fromProxyNoRealIp : fromProxy;
  return dropsRealIp ? fromAnybodyNoRealIp : fromAnybody;
}

export const DROP_FROM_ANSWER: Uint8Array = dropTable(...hopByHop, X_REQUEST_ID);
/** 1xx and 204 never have a length (RFC 9110 §8.6). */
export const DROP_FROM_BODILESS: Uint8Array = dropTable(...hopByHop, X_REQUEST_ID, CONTENT_LENGTH);
