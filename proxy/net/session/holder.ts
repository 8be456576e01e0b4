/**
 * A session as one that keeps a backend busy: what it does there, and how it can be made to stop.
 * Asked by operators only; the data path keeps no books for it.
 */
import type { BackendRuntime } from '../../balancing/backend-runtime.ts';
import type { Holder, HolderKind } from '../../command/holders.ts';
import type { UpstreamLease } from '../upstream/upstream-lease.ts';
import type { Exchange } from './exchange.ts';
import type { Failover } from './failover.ts';

export interface HoldingSession {
  readonly exchange: Exchange;
  readonly upstream: UpstreamLease;
  readonly failover: Failover;
  cut(why: string): void;
}

const LONGEST_PATH = 200;

/** The backend that has the request in hand, and the one whose answer is kept for want of a better. */
export function backendsOf({ upstream }: HoldingSession): (BackendRuntime | undefined)[] {
  return [upstream.connection?.backend, upstream.held?.connection.backend];
}

export function holderKind({ tunnel, answeredAt, body }: Exchange): HolderKind {
  if (tunnel) return 'tunnel';
  if (answeredAt > 0) return 'download';
  return body.done ? 'request' : 'upload';
}

export function describeHolder(exchange: Exchange, now: number): Holder {
  const [path = ''] = exchange.target.split('?', 1);
  return {
    requestId: exchange.requestId,
    kind: holderKind(exchange),
    method: exchange.method,
    host: exchange.hostname,
    path: path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH)}…` : path,
    client: exchange.client.peer,
    ageMs: Math.max(0, Math.round(now - exchange.startedAt)),
    bytesIn: exchange.bytesIn,
    bytesOut: exchange.bytesOut,
  };
}

/**
 * The session has nothing to do with the backend any more. True when its client need not notice:
 * another backend is asked.
 */
export function letGo(session: HoldingSession, backend: BackendRuntime): boolean {
  const { connection } = session.upstream;
  if (connection?.backend !== backend) {
    session.upstream.dropHeld();
    return true;
  }
  if (!session.exchange.tunnel) return session.failover.drainIsOver(connection);
  session.cut('its backend was drained, and the deadline for that was over');
  return false;
}
