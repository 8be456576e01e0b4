/**
 * The breakers that workers have opened by their own connects, so that a worker that comes later
 * need not try a machine in vain that the others know to be gone.
 */
import type { EventBody } from '../../command/events.ts';
import type { BreakerNews } from '../../command/worker-messages.ts';

type Place = Pick<EventBody, 'clusterId' | 'backendId' | 'address'>;

export class OpenBreakers {
  readonly #open = new Map<string, BreakerNews>();

  /** Every event of the proxy, in order. */
  see(event: EventBody): void {
    if (event.kind === 'cluster-removed') this.#forgetCluster(event.clusterId);
    // One that comes back under the same name begins with a closed breaker.
    else if (event.kind === 'backend-removed') this.#forget(event);
    else {
      const news = breakerNews(event);
      if (news === undefined) return;
      if (news.state === 'open') this.#open.set(keyOf(news), news);
      else this.#open.delete(keyOf(news));
    }
  }

  all(): readonly BreakerNews[] {
    return [...this.#open.values()];
  }

  #forget({ clusterId, backendId, address }: Place): void {
    for (const [key, news] of this.#open) {
      if (news.clusterId !== clusterId || news.address !== address) continue;
      if (backendId === undefined || news.backendId === backendId) this.#open.delete(key);
    }
  }

  #forgetCluster(clusterId: string | undefined): void {
    for (const [key, news] of this.#open) {
      if (news.clusterId === clusterId) this.#open.delete(key);
    }
  }
}

/** What other workers need not find out for themselves. What one heard is no news. */
export function breakerNews(event: EventBody): BreakerNews | undefined {
  const { kind, workerId, clusterId, backendId, address, failure } = event;
  if (clusterId === undefined || backendId === undefined || address === undefined) return undefined;
  const opened = kind === 'breaker-opened' && failure !== undefined;
  if (!opened && kind !== 'breaker-closed') return undefined;
  const cause = `worker ${workerId}: ${event.cause ?? kind}`;
  return { clusterId, backendId, address, state: opened ? 'open' : 'closed', cause };
}

function keyOf({ clusterId, backendId, address }: BreakerNews): string {
  return JSON.stringify([clusterId, backendId, address]);
}
