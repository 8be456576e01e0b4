/** Accepts on one address and makes a session of each connection. */
import { createServer, type Server, Socket } from 'node:net';
import type { Listener } from '../../command/requests.ts';
import { withoutMapping } from '../../http1/client-address.ts';
import { clientFacts, type ForwardingRules } from '../../http1/forwarded.ts';
import { Watermark } from '../../limits/watermark.ts';
import { ClientSession } from '../session/client-session.ts';
import type { DataPlaneView } from '../session/data-plane-view.ts';
import { lendingSocket } from '../socket/lending-socket.ts';
import { SocketWire } from '../socket/socket-wire.ts';
import { streamBinding } from '../socket/stream-binding.ts';
import type { ReleasedWire, SocketHandle } from '../socket/wire.ts';
import { AcceptGate } from './accept-gate.ts';
import type { LimitedListener } from './connection-limits.ts';
import { ListenerRules } from './listener-rules.ts';

/**
 * Clients that may wait in the kernel's queue while no worker accepts; Linux allows no more by
 * default. Node's own 511 are there within half a second at 1,000 connections/s, and whoever comes then
 * is left without an answer for seconds.
 */
const WAITING_CONNECTIONS = 4_096;

/** A client connection without a request, and the listener that accepted it. */
export interface IdleClient extends ReleasedWire {
  readonly address: string;
}

/** Resolves with false when nobody has received it: the connection is still whose it was. */
export type GiveClient = (client: IdleClient) => Promise<boolean>;

export class ListenerRuntime implements LimitedListener {
  readonly rules: ListenerRules;
  private readonly view: DataPlaneView;
  readonly sessions: Set<ClientSession> = new Set();
  readonly watermark: Watermark = new Watermark();
  gate: AcceptGate | undefined = undefined;
  private server: Server | undefined = undefined;
  private readonly whenEmpty: (() => void)[] = [];

  constructor(config: Listener, view: DataPlaneView) {
    this.rules = new ListenerRules(config);
    this.view = view;
  }

  get address(): string {
    return this.rules.address;
  }

  /** What it accepts on; undefined when it does not. */
  get handle(): SocketHandle | undefined {
    const server = this.server as unknown as { readonly _handle: SocketHandle | null } | undefined;
    return server?._handle ?? undefined;
  }

  get maxConnections(): number {
    return this.rules.config.maxConnections;
  }

  /** Open connections follow as well, each from its next request on. */
  change(config: Listener): void {
    const { view, rules, sessions } = this;
    rules.change(config);
    view.records.changed(config);
    for (const session of sessions) session.forwardAs(this.forwarding(session.exchange.client.ip));
    view.connectionLimits.tick();
  }

  /** `handle`: a bound TCP handle of another process, or `{ fd }`. */
  listen(handle: object): Promise<void> {
    // Half-open: a client may end its side behind its request and still gets the answer.
    const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true });
    server.on('connection', socket => this.accept(socket));
    this.server = server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(handle, WAITING_CONNECTIONS, () => {
        server.off('error', reject);
        // A failed accept (no descriptors left) concerns one connection, not the listener.
        server.on('error', () => {});
        this.gate = new AcceptGate(server);
        this.view.connectionLimits.add(this);
        resolve();
      });
    });
  }

  /** For good. */
  leave(): void {
    this.rules.leaving = true;
    this.stopAccepting();
  }

  stopAccepting(): void {
    this.server?.close();
    this.server = undefined;
    this.gate = undefined;
    this.view.connectionLimits.remove(this);
  }

  closeIdle(): void {
    for (const session of this.sessions) if (session.idle) session.close();
  }

  /**
   * Idle connections go on elsewhere; what comes in on them meanwhile waits in the kernel. Resolves
   * when each has arrived there, or is back here.
   */
  async giveIdle(give: GiveClient): Promise<void> {
    if (this.rules.leaving) return;
    const onTheirWay: Promise<void>[] = [];
    for (const session of this.sessions) {
      const released = session.idle ? session.client.release() : undefined;
      if (released === undefined) continue;
      session.close();
      const given = give({ address: this.address, ...released });
      onTheirWay.push(given.then(arrived => (arrived ? undefined : this.take(released))));
    }
    await Promise.all(onTheirWay);
  }

  /** A connection that another worker gave away, or that came back. */
  take({ handle, kept }: ReleasedWire): void {
    const options = { handle, allowHalfOpen: true, pauseOnCreate: true };
    this.accept(new Socket(options), kept);
  }

  closeAll(): void {
    for (const session of this.sessions) session.closeNow();
  }

  /** Resolves when no session is left. */
  empty(): Promise<void> {
    if (this.sessions.size === 0) return Promise.resolve();
    return new Promise(resolve => this.whenEmpty.push(resolve));
  }

  private accept(accepted: Socket, kept = false): void {
    const { remoteAddress, remotePort, localAddress, localPort } = accepted;
    const isGone = remoteAddress === undefined || localAddress === undefined;
    if (isGone || !this.view.connectionLimits.admit(this)) {
      accepted.on('error', () => {});
      accepted.destroy();
      return;
    }
    const rules = this.forwarding(withoutMapping(remoteAddress));
    const facts = clientFacts(remoteAddress, remotePort ?? 0, localAddress, localPort ?? 0, rules);
    const socket = lendingSocket(accepted, this.view.readBuffer, (bytes, end) =>
      session.onBytes(bytes, end),
    );
    const wire = new SocketWire(socket, () => session.onDrain(), streamBinding);
    const session = new ClientSession(this.view, this.rules, wire, facts, closed =>
      this.forget(closed),
    );
    this.sessions.add(session);
    this.view.counters.clientConnections++;
    this.view.connectionLimits.opened(this);
    if (kept) session.deadlines.betweenRequests();
    socket.on('end', () => session.onEnd());
    socket.on('error', () => session.close());
    socket.on('close', () => session.onGone());
  }

  /** For a connection of this peer. */
  private forwarding(peerIp: string): ForwardingRules {
    const { trust, config } = this.rules;
    return { trust: trust?.trusts(peerIp) === true ? trust : undefined, realIp: config.realIp };
  }

  private forget(session: ClientSession): void {
    this.sessions.delete(session);
    this.view.counters.clientConnections--;
    this.view.connectionLimits.closed(this);
    if (this.sessions.size > 0) return;
    for (const tell of this.whenEmpty.splice(0)) tell();
  }
}
