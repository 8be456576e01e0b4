/**
 * Backends whose address is a name. Workers know addresses only: each address that the name has is
 * a backend of theirs with the same id. It is looked up here, once for all workers.
 *
 *     add-backend api:80 ─▶ expand ─▶ add-backend 10.0.0.1:80, add-backend 10.0.0.2:80 ─▶ workers
 *                              │                                                            ▲
 *                              └─▶ NameWatcher ─▶ the differences, as the name changes ─────┘
 */
import { hashText } from '../../balancing/hash.ts';
import type { EventBody } from '../../command/events.ts';
import type { Backend, StateRequest } from '../../command/requests.ts';
import { formatAddress, parseName } from '../../shared/address.ts';
import type { ConfigState } from '../../state/config-state.ts';
import type { LookUp } from './name-lookup.ts';
import { NameWatcher } from './name-watcher.ts';

export interface NamedBackendsOptions {
  readonly lookUp: LookUp;
  /** To all workers; resolves when they have done it, whether they could or not. */
  readonly send: (requests: readonly StateRequest[]) => Promise<unknown>;
  readonly emit: (event: EventBody) => void;
  readonly schedule: (callback: () => void, delayMs: number) => () => void;
}

/** How long a change, or the start, waits for name servers. */
export const FIRST_LOOK_UP_MS: number = 3000;

type AddBackend = Extract<StateRequest, { kind: 'add-backend' }>;
type RemoveBackend = Extract<StateRequest, { kind: 'remove-backend' }>;

/** A name, who watches it, and the backends that have it, by cluster and id. */
interface Watched {
  readonly watcher: NameWatcher;
  readonly backends: Map<string, NamedBackend>;
}

interface NamedBackend {
  readonly backend: Backend;
  readonly port: number;
}

export class NamedBackends {
  readonly #options: NamedBackendsOptions;
  readonly #names = new Map<string, Watched>();
  /** Of those that wait for a first answer. */
  readonly #waiting = new Set<() => void>();

  constructor(options: NamedBackendsOptions) {
    this.#options = options;
  }

  /** What workers must do; a name is watched from its first `add-backend` to its last removal. */
  expand(requests: readonly StateRequest[]): StateRequest[] {
    return requests.flatMap((request): StateRequest[] => {
      if (request.kind === 'add-backend') return this.#add(request);
      if (request.kind === 'remove-backend') return this.#remove(request);
      return [request];
    });
  }

  /**
   * Resolves when every name among these requests has been looked up once and the workers know its
   * addresses, or when the time is over; with what went wrong, '' for nothing.
   */
  async lookedUp(requests: readonly StateRequest[]): Promise<string> {
    const names = new Set(requests.map(nameOf).filter(name => name !== undefined));
    if (names.size === 0) return '';
    const watched = [...names].map(name => ({ name, watcher: this.#names.get(name)?.watcher }));
    await this.#orLate(Promise.all(watched.map(each => each.watcher?.firstLookUp)));
    return watched
      .filter(({ watcher }) => watcher?.addresses.length === 0)
      .map(({ name, watcher }) => `${name} has no address yet: ${watcher?.failure || 'no answer'}`)
      .join('; ');
  }

  /** As `lookedUp`, for all names of a state. */
  begin({ clusters }: ConfigState): Promise<string> {
    const requests: StateRequest[] = [];
    for (const { backends } of clusters.values()) {
      for (const backend of backends.values()) {
        if (parseName(backend.address) !== undefined)
          requests.push({ kind: 'add-backend', backend });
      }
    }
    this.expand(requests);
    return this.lookedUp(requests);
  }

  /** The same backends, with every address that is known in place of a name. */
  resolved(backends: Iterable<Backend>): Backend[] {
    return [...backends].flatMap(backend => {
      const named = parseName(backend.address);
      if (named === undefined) return [backend];
      const addresses = this.#names.get(named.name)?.watcher.addresses ?? [];
      return addresses.map(ip => ({ ...backend, address: formatAddress(ip, named.port) }));
    });
  }

  stop(): void {
    for (const { watcher } of this.#names.values()) watcher.stop();
    this.#names.clear();
    for (const resolve of this.#waiting) resolve();
  }

  async #orLate(answers: Promise<unknown>): Promise<void> {
    await new Promise<void>(resolve => {
      const cancel = this.#options.schedule(resolve, FIRST_LOOK_UP_MS);
      this.#waiting.add(resolve);
      void answers.then(() => {
        cancel();
        this.#waiting.delete(resolve);
        resolve();
      });
    });
  }

  #add(request: AddBackend): StateRequest[] {
    const { backend } = request;
    const named = parseName(backend.address);
    if (named === undefined) return [request];
    const watched = this.#names.get(named.name) ?? this.#watch(named.name);
    watched.backends.set(keyOf(backend), { backend, port: named.port });
    return watched.watcher.addresses.map(ip => addition({ backend, port: named.port }, ip));
  }

  #remove(request: RemoveBackend): StateRequest[] {
    const { address, clusterId, backendId } = request;
    const named = parseName(address);
    if (named === undefined) return [request];
    const watched = this.#names.get(named.name);
    if (watched === undefined) return [];
    const gone = [...watched.backends].filter(
      ([, { backend }]) =>
        backend.clusterId === clusterId &&
        backend.address === address &&
        (backendId ?? backend.backendId) === backend.backendId,
    );
    for (const [key] of gone) watched.backends.delete(key);
    if (watched.backends.size === 0) {
      watched.watcher.stop();
      this.#names.delete(named.name);
    }
    return gone.flatMap(([, each]) => watched.watcher.addresses.map(ip => removal(each, ip)));
  }

  #watch(name: string): Watched {
    const { lookUp, schedule, emit, send } = this.#options;
    const backends = new Map<string, NamedBackend>();
    const watcher = new NameWatcher(name, {
      lookUp,
      schedule,
      onFound: async (addresses, before) => {
        const fresh = addresses.filter(ip => !before.includes(ip));
        const gone = before.filter(ip => !addresses.includes(ip));
        const changes = [...backends.values()].flatMap(each => [
          ...fresh.map(ip => addition(each, ip)),
          ...gone.map(ip => removal(each, ip)),
        ]);
        const cause = `${name} is ${addresses.join(', ')}`;
        for (const { backend } of backends.values()) emit(eventOf('name-resolved', backend, cause));
        if (changes.length > 0) await send(changes);
      },
      onFailed: reason => {
        const known = watcher.addresses.length;
        const kept = known === 0 ? 'it has no address yet' : `it keeps its ${known} last known`;
        const cause = `${reason}; ${kept}`;
        for (const { backend } of backends.values()) emit(eventOf('name-failed', backend, cause));
      },
    });
    const watched = { watcher, backends };
    this.#names.set(name, watched);
    return watched;
  }
}

function nameOf(request: StateRequest): string | undefined {
  return request.kind === 'add-backend' ? parseName(request.backend.address)?.name : undefined;
}

function keyOf({ clusterId, backendId }: Backend): string {
  return JSON.stringify([clusterId, backendId]);
}

/**
 * Each address has a sticky cookie of its own. A hash, because clients need not learn the addresses
 * of a private network.
 */
function addition({ backend, port }: NamedBackend, ip: string): StateRequest {
  const address = formatAddress(ip, port);
  const stickyId = `${backend.stickyId ?? backend.backendId}.${hashText(address).toString(36)}`;
  return { kind: 'add-backend', backend: { ...backend, address, stickyId } };
}

function removal({ backend, port }: NamedBackend, ip: string): StateRequest {
  const { clusterId, backendId } = backend;
  return { kind: 'remove-backend', clusterId, backendId, address: formatAddress(ip, port) };
}

function eventOf(
  kind: 'name-resolved' | 'name-failed',
  backend: Backend,
  cause: string,
): EventBody {
  const { clusterId, backendId, address } = backend;
  return { kind, clusterId, backendId, address, cause };
}
