/**
 * As much of a Docker swarm as the blue-green example needs, on the loopback: services of several
 * processes behind one address that hands connections out in turn, as the kernel does there.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** One process of a service. */
export interface Replica {
  readonly port: number;
  readonly stop: () => Promise<unknown>;
}

export type Environment = Readonly<Record<string, string>>;
export type StartReplica = (env: Environment, index: number) => Promise<Replica>;

export class Service {
  env: Environment;
  replicas: Replica[] = [];
  readonly #server: Server;
  readonly #start: StartReplica;
  readonly #open = new Set<Socket>();
  #turn = 0;
  #started = 0;

  private constructor(env: Environment, start: StartReplica, server: Server) {
    this.env = env;
    this.#start = start;
    this.#server = server;
    server.on('connection', socket => this.#relay(socket));
  }

  static async create(env: Environment, start: StartReplica): Promise<Service> {
    const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const service = new Service(env, start, server);
    await service.scale(1);
    return service;
  }

  /** Of the address that all replicas share. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async scale(count: number): Promise<void> {
    while (this.replicas.length < count) this.replicas.push(await this.#next());
    await Promise.all(this.replicas.splice(count).map(each => each.stop()));
  }

  /** New processes first, then the old ones go. */
  async update(env: Environment): Promise<void> {
    this.env = env;
    const old = this.replicas;
    const fresh: Replica[] = [];
    for (let i = 0; i < old.length; i++) fresh.push(await this.#next());
    this.replicas = fresh;
    await Promise.all(old.map(each => each.stop()));
  }

  async remove(): Promise<void> {
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
    await this.scale(0);
  }

  #next(): Promise<Replica> {
    return this.#start(this.env, this.#started++);
  }

  #relay(socket: Socket): void {
    const replica = this.replicas[this.#turn++ % this.replicas.length];
    if (replica === undefined) {
      socket.destroy();
      return;
    }
    const onward = connect({ port: replica.port, host: '127.0.0.1', allowHalfOpen: true });
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      this.#open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}
