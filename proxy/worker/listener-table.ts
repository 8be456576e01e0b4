/** The listeners of a worker, those included that are removed and still have connections. */
import type { Listener } from '../command/requests.ts';
import type { ListenerSnapshot } from '../command/snapshots.ts';
import { type GiveClient, ListenerRuntime } from '../net/listener/listener.ts';
import type { ClientSession } from '../net/session/client-session.ts';
import type { DataPlaneView } from '../net/session/data-plane-view.ts';
import type { SocketHandle } from '../net/socket/wire.ts';
import { ProxyError } from '../shared/errors.ts';

/** How long a soft stop leaves idle clients the chance to ask once more and be told. */
const DRAIN_GRACE_MS = 1000;

export class ListenerTable {
  private readonly view: DataPlaneView;
  private readonly listeners = new Map<string, ListenerRuntime>();
  private readonly leaving = new Set<ListenerRuntime>();

  constructor(view: DataPlaneView) {
    this.view = view;
  }

  find(address: string): ListenerRuntime | undefined {
    return this.listeners.get(address);
  }

  add(listener: Listener): void {
    this.listeners.set(listener.address, new ListenerRuntime(listener, this.view));
  }

  /** Accepts no more; what is open goes on, and its next answer is its last one. */
  remove(listener: ListenerRuntime): void {
    this.listeners.delete(listener.address);
    this.leaving.add(listener);
    listener.leave();
    void listener.empty().then(() => {
      this.leaving.delete(listener);
      if (!this.listeners.has(listener.address)) this.view.records.forget(listener.address);
    });
  }

  /**
   * `handle` is a bound TCP handle or `{ fd }`.
   * @throws {ProxyError} PROXY_NOT_FOUND when there is no such listener.
   */
  async listen(address: string, handle: object): Promise<void> {
    const listener = this.listeners.get(address);
    if (listener === undefined) {
      throw new ProxyError('PROXY_NOT_FOUND', `listener ${address} does not exist`);
    }
    await listener.listen(handle);
  }

  /** Those that it accepts on. */
  listening(): { readonly address: string; readonly handle: SocketHandle }[] {
    return [...this.listeners.values()].flatMap(({ address, handle }) =>
      handle === undefined ? [] : [{ address, handle }],
    );
  }

  snapshots(): ListenerSnapshot[] {
    return this.all().map(({ address, sessions }) => ({ address, connections: sessions.size }));
  }

  /** Resolves when the last session has ended. `give`: takes idle connections over. */
  async drain(give?: GiveClient): Promise<void> {
    const all = this.all();
    for (const listener of all) listener.stopAccepting();
    const given = give === undefined ? [] : all.map(listener => listener.giveIdle(give));
    const closing = setInterval(() => {
      for (const listener of all) listener.closeIdle();
    }, DRAIN_GRACE_MS);
    try {
      await Promise.all(given);
      await Promise.all(all.map(listener => listener.empty()));
    } finally {
      clearInterval(closing);
    }
  }

  stop(): void {
    for (const listener of this.all()) {
      listener.stopAccepting();
      listener.closeAll();
    }
  }

  *sessions(): Iterable<ClientSession> {
    for (const listener of this.all()) yield* listener.sessions;
  }

  private all(): ListenerRuntime[] {
    return [...this.listeners.values(), ...this.leaving];
  }
}
