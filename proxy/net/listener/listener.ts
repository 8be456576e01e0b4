/** Accepts on one address and makes a session of each connection. */
import { createServer, type Server, type Socket } from 'node:net';
import type { Listener } from '../../command/requests.ts';
import { withoutMapping } from '../../http1/client-address.ts';
import { clientFacts } from '../../http1/forwarded.ts';
import { Watermark } from '../../limits/watermark.ts';
import { TrustList } from '../admission/trust-list.ts';
import { ClientSession } from '../session/client-session.ts';
import type { DataPlaneView } from '../session/data-plane-view.ts';
import { lendingSocket } from '../socket/lending-socket.ts';
import { SocketWire } from '../socket/socket-wire.ts';
import { streamBinding } from '../socket/stream-binding.ts';
import { AcceptGate } from './accept-gate.ts';
import type { LimitedListener } from './connection-limits.ts';

export class ListenerRuntime implements LimitedListener {
  readonly config: Listener;
  private readonly view: DataPlaneView;
  readonly sessions: Set<ClientSession> = new Set();
  readonly watermark: Watermark = new Watermark();
  gate: AcceptGate | undefined = undefined;
  private readonly trust: TrustList | undefined;
  private server: Server | undefined = undefined;
  private whenEmpty: (() => void) | undefined = undefined;

  constructor(config: Listener, view: DataPlaneView) {
    this.config = config;
    this.view = view;
    const proxies = config.trustedProxies ?? [];
    this.trust = proxies.length > 0 ? new TrustList(proxies) : undefined;
  }

  get address(): string {
    return this.config.address;
  }

  get maxConnections(): number {
    return this.config.maxConnections;
  }

  /** `handle`: a bound TCP handle of another process, or `{ fd }`. */
  listen(handle: object): Promise<void> {
    // Half-open: a client may end its side behind its request and still gets the answer.
    const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true });
    server.on('connection', socket => this.accept(socket));
    this.server = server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(handle, () => {
        server.off('error', reject);
        // A failed accept (no descriptors left) concerns one connection, not the listener.
        server.on('error', () => {});
        this.gate = new AcceptGate(server);
        this.view.connectionLimits.add(this);
        resolve();
      });
    });
  }

  stopAccepting(): void {
    this.server?.close();
    this.server = undefined;
    this.gate = undefined;
    this.view.connectionLimits.remove(this);
  }

  closeIdle(): void {
    for (const session of this.sessions) session.closeIfIdle();
  }

  closeAll(): void {
    for (const session of this.sessions) session.close();
  }

  /** Resolves when no session is left. */
  empty(): Promise<void> {
    if (this.sessions.size === 0) return Promise.resolve();
    return new Promise(resolve => {
      this.whenEmpty = resolve;
    });
  }

  private accept(accepted: Socket): void {
    const { remoteAddress, remotePort, localAddress, localPort } = accepted;
    const isGone = remoteAddress === undefined || localAddress === undefined;
    if (isGone || !this.view.connectionLimits.admit(this)) {
      accepted.on('error', () => {});
      accepted.destroy();
      return;
    }
    const { trust, config } = this;
    const believed = trust?.trusts(withoutMapping(remoteAddress)) === true ? trust : undefined;
    const rules = { trust: believed, realIp: config.realIp };
    const facts = clientFacts(remoteAddress, remotePort ?? 0, localAddress, localPort ?? 0, rules);
    const socket = lendingSocket(accepted, this.view.readBuffer, (bytes, end) =>
      session.onBytes(bytes, end),
    );
    const wire = new SocketWire(socket, () => session.onDrain(), streamBinding);
    const session = new ClientSession(this.view, this.config, wire, facts, closed =>
      this.forget(closed),
    );
    this.sessions.add(session);
    this.view.counters.clientConnections++;
    this.view.connectionLimits.opened(this);
    socket.on('end', () => session.onEnd());
    socket.on('error', () => session.close());
    socket.on('close', () => session.onGone());
  }

  private forget(session: ClientSession): void {
    this.sessions.delete(session);
    this.view.counters.clientConnections--;
    this.view.connectionLimits.closed(this);
    if (this.sessions.size === 0) this.whenEmpty?.();
  }
}
