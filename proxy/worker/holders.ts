/** Who keeps a backend of this worker busy, and the end of that. */
import type { BackendRuntime } from '../balancing/backend-runtime.ts';
import {
  type BackendPlace,
  type CutReport,
  type HolderKind,
  type HolderReport,
  type InFlight,
  LONG_AFTER_MS,
  MAX_NAMED,
  NO_HOLDERS,
} from '../command/holders.ts';
import type { Exchange } from '../net/session/exchange.ts';
import {
  backendsOf,
  describeHolder,
  type HoldingSession,
  holderKind,
  letGo,
} from '../net/session/holder.ts';

/** Without a place: every request in progress. */
export function reportHolders(
  sessions: Iterable<HoldingSession>,
  place: BackendPlace | undefined,
  now: number,
): HolderReport {
  const counts: Record<HolderKind, number> = { ...NO_HOLDERS };
  const long: Exchange[] = [];
  for (const session of sessions) {
    const { exchange } = session;
    if (!exchange.active) continue;
    if (place !== undefined && heldAt(session, place) === undefined) continue;
    counts[holderKind(exchange)]++;
    if (exchange.tunnel || now - exchange.startedAt >= LONG_AFTER_MS) long.push(exchange);
  }
  long.sort((a, b) => a.startedAt - b.startedAt);
  const named = long.slice(0, MAX_NAMED).map(exchange => describeHolder(exchange, now));
  return { counts, long: long.length, named };
}

/** Ends what still runs on a backend that gets no new requests; nothing else. */
export function cutHolders(sessions: Iterable<HoldingSession>, place: BackendPlace): CutReport {
  const counts: Record<HolderKind, number> = { ...NO_HOLDERS };
  let moved = 0;
  for (const session of [...sessions]) {
    const backend = heldAt(session, place);
    if (backend === undefined || backend.admin === 'ready') continue;
    const kind = holderKind(session.exchange);
    if (letGo(session, backend)) moved++;
    else counts[kind]++;
  }
  return { counts, moved };
}

export function inFlight(backends: Iterable<BackendRuntime>): InFlight[] {
  const busy: InFlight[] = [];
  for (const { clusterId, backendId, address, activeRequests: requests } of backends) {
    if (requests > 0) busy.push({ clusterId, backendId, address, requests });
  }
  return busy;
}

function heldAt(
  session: HoldingSession,
  { clusterId, backendId, address }: BackendPlace,
): BackendRuntime | undefined {
  return backendsOf(session).find(
    held =>
      held?.clusterId === clusterId &&
      held.backendId === backendId &&
      (address ?? held.address) === held.address,
  );
}
