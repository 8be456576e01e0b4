/** A worker's data plane in the test's own process, with one listener and one cluster. */
import assert from 'node:assert/strict';
import { type AddressInfo, createServer } from 'node:net';
import type { EventBody } from '../../proxy/command/events.ts';
import type { Cluster, Listener, StateRequest } from '../../proxy/command/requests.ts';
import { DataPlane, type DataPlaneOptions } from '../../proxy/worker/data-plane.ts';
import { awaitIdle } from './await-idle.ts';
import { eventually } from './eventually.ts';
import { RawBackend, RawClient } from './raw-peer.ts';
import { type SharedSocket, sharedSocket } from './shared-socket.ts';

export const LISTENER = '127.0.0.1:0';

export interface PlaneOptions {
  readonly listener?: Partial<Listener>;
  readonly answers?: Cluster['answers'];
  readonly cluster?: Partial<Cluster>;
  /** The listening socket comes from another process, as a worker's does. */
  readonly shared?: boolean;
  readonly backends?: readonly (RawBackend | string)[];
  /** Who apportions the limits; absent: the worker is alone. */
  readonly sharing?: DataPlaneOptions['sharing'];
  /** Another build of the data plane, for example a broken one. */
  readonly build?: typeof DataPlane;
}

export class TestPlane {
  readonly plane: DataPlane;
  readonly events: EventBody[] = [];
  readonly clients: RawClient[] = [];
  port = 0;
  private readonly backends: RawBackend[] = [];

  private constructor(build: typeof DataPlane, sharing: DataPlaneOptions['sharing']) {
    this.plane = new build({
      workerId: 0,
      emit: event => this.events.push(event),
      random: () => 0.5,
      ...(sharing === undefined ? {} : { sharing }),
    });
  }

  /** Backends are `b0`, `b1`, … of cluster `web`; requests to host `web` go there. */
  static async start(options: PlaneOptions): Promise<TestPlane> {
    const { listener, answers, cluster, backends = [] } = options;
    const test = new TestPlane(options.build ?? DataPlane, options.sharing);
    test.apply({ kind: 'add-listener', listener: { ...defaults, ...listener } });
    test.apply({
      kind: 'add-cluster',
      cluster: { id: 'web', loadBalancing: 'round-robin', answers: answers ?? {}, ...cluster },
    });
    test.apply({
      kind: 'add-frontend',
      frontend: { listener: LISTENER, hostname: 'web', path: '', clusterId: 'web' },
    });
    for (const [index, backend] of backends.entries()) {
      test.addBackend(`b${index}`, typeof backend === 'string' ? backend : backend.address);
      if (backend instanceof RawBackend) test.backends.push(backend);
    }
    const { handle, port } = options.shared ? await sharedSocket() : await ownSocket();
    test.port = port;
    await test.plane.listen(LISTENER, handle);
    return test;
  }

  apply(request: StateRequest): void {
    const result = this.plane.apply(request);
    assert.ok(result.ok, result.ok ? '' : result.error.message);
  }

  addBackend(backendId: string, address: string): void {
    this.apply({ kind: 'add-backend', backend: { clusterId: 'web', backendId, address } });
  }

  removeBackend(backendId: string, address: string): void {
    this.apply({ kind: 'remove-backend', clusterId: 'web', backendId, address });
  }

  async client(): Promise<RawClient> {
    const client = await RawClient.connect(this.port);
    this.clients.push(client);
    return client;
  }

  /** One request on a connection of its own; the whole answer. */
  async ask(request: string): Promise<string> {
    const client = await this.client();
    client.send(request);
    return client.ended();
  }

  /** Resolves when this many requests have gone to the backend. */
  async reached(backendId: string, requests: number): Promise<void> {
    await eventually(`${backendId} got ${requests} requests`, () =>
      this.plane
        .snapshot()
        .backends.some(known => known.backendId === backendId && known.requestsTotal >= requests),
    );
  }

  kinds(): string[] {
    return this.events.map(event => event.kind);
  }

  /** Ends the clients, waits until nothing of them is left, and stops. A leak fails here. */
  async stop(): Promise<void> {
    for (const client of this.clients) client.close();
    try {
      await awaitIdle(this.plane);
    } finally {
      this.plane.stop();
      for (const backend of this.backends) await backend.close();
    }
    await eventually('every upstream connection is closed', () => this.plane.upstreams.size === 0);
  }
}

export const defaults: Listener = {
  address: LISTENER,
  protocol: 'http',
  answers: {},
  frontTimeoutMs: 20_000,
  backTimeoutMs: 20_000,
  connectTimeoutMs: 2000,
  requestTimeoutMs: 20_000,
  tryDeadlineMs: 10_000,
  maxConnections: 1000,
};

async function ownSocket(): Promise<SharedSocket> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { _handle: handle } = server as unknown as { _handle: object };
  return { handle, port: (server.address() as AddressInfo).port };
}

export function get(path = '/', fields = ''): string {
  return `GET ${path} HTTP/1.1\r\nHost: web\r\n${fields}\r\n`;
}
