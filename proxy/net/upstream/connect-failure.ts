/** The operating system's error codes in the words that events use. */
import type { ConnectFailure } from '../../command/events.ts';

const failures: Readonly<Record<string, ConnectFailure>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  ETIMEDOUT: 'silent',
};

/** This machine's shortage: no backend is to blame, so no breaker counts it. */
const local = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EADDRNOTAVAIL']);

export function connectFailure(code: string | undefined): ConnectFailure {
  return failures[code ?? ''] ?? 'other';
}

export function isLocalShortage(code: string | undefined): boolean {
  return local.has(code ?? '');
}
