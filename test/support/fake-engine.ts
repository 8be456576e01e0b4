/**
 * Answers like a Docker engine whose containers cannot be reached at their addresses, as Docker
 * Desktop's: an app is an HTTP server on the published port. It remembers what it was asked to make.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';

interface FakeContainer {
  readonly made: { readonly Labels?: object } & Readonly<Record<string, unknown>>;
  state: 'created' | 'running' | 'paused' | 'exited';
  published: number;
  app: http.Server | undefined;
}

interface FakeExec {
  readonly container: FakeContainer;
  readonly argv: readonly string[];
  readonly env: readonly string[];
  running: boolean;
}

interface ExecOrder {
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
}

/** Status and body. */
type Answer = readonly [number, object?];

const STATES_AFTER = { start: 'running', unpause: 'running', pause: 'paused' } as const;

export class FakeEngine {
  readonly containers: Map<string, FakeContainer> = new Map();
  readonly networks: Map<string, object> = new Map();
  /** Commands that were run in containers, joined by blanks. */
  readonly commands: string[] = [];
  readonly #execs = new Map<string, FakeExec>();
  readonly #server: http.Server;

  constructor() {
    this.#server = http.createServer((request, response) => {
      void this.#serve(request, response);
    });
  }

  async listen(socket: string): Promise<void> {
    await new Promise<void>(resolve => this.#server.listen(socket, resolve));
  }

  async close(): Promise<void> {
    for (const container of this.containers.values()) container.app?.close().closeAllConnections();
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const isJson = request.headers['content-type'] === 'application/json';
    const body = isJson ? JSON.parse(Buffer.concat(pieces).toString()) : {};
    const url = new URL(request.url ?? '', 'http://engine');
    const [, kind = '', id = '', verb = ''] = url.pathname.split('/');
    const order = `${request.method} ${kind}`;
    if (order === 'POST exec') {
      await this.#startExec(id, response);
      return;
    }
    const answers: Readonly<Record<string, () => Answer>> = {
      'GET _ping': () => [200],
      'GET exec': () => this.#inspectExec(id),
      'POST networks': () => [201, { Id: this.#makeNetwork(body) }],
      'DELETE networks': () => [this.networks.delete(id) ? 204 : 404],
      'GET networks': () => [this.networks.has(id) ? 200 : 404, {}],
      'POST containers': () =>
        id === 'create'
          ? [201, this.#makeContainer(url.searchParams.get('name'), body)]
          : this.#changeContainer(id, verb, body),
      'PUT containers': () => this.#changeContainer(id, verb, body),
      'DELETE containers': () => this.#removeContainer(id),
      'GET containers': () =>
        id === 'json' ? [200, this.#list(url.searchParams.has('all'))] : this.#inspect(id),
    };
    const [status, value] = answers[order]?.() ?? [404];
    response.writeHead(status).end(value === undefined ? undefined : JSON.stringify(value));
  }

  #makeNetwork(body: { readonly Name: string }): string {
    this.networks.set(body.Name, body);
    return body.Name;
  }

  #makeContainer(name: string | null, made: FakeContainer['made']): object {
    this.containers.set(name ?? '', { made, state: 'created', published: 0, app: undefined });
    return { Id: name };
  }

  #list(all: boolean): readonly object[] {
    const listed = [...this.containers].filter(([, { state }]) => all || isOn(state));
    return listed.map(([name, { state }]) => ({ Id: name, Names: [`/${name}`], State: state }));
  }

  #inspect(id: string): Answer {
    const container = this.containers.get(id);
    return container === undefined ? [404] : [200, shown(container)];
  }

  #removeContainer(id: string): Answer {
    const container = this.containers.get(id);
    if (container === undefined) return [404];
    this.#end(container);
    this.containers.delete(id);
    return [204];
  }

  #changeContainer(id: string, verb: string, body: ExecOrder): Answer {
    const container = this.containers.get(id);
    if (container === undefined) return [404, { message: `No such container: ${id}` }];
    if (verb === 'exec') return [201, { Id: this.#makeExec(container, body) }];
    if (verb === 'kill') this.#end(container);
    const states: Partial<Record<string, FakeContainer['state']>> = STATES_AFTER;
    container.state = states[verb] ?? container.state;
    return [verb === 'archive' || verb === 'wait' ? 200 : 204];
  }

  #end(container: FakeContainer): void {
    container.state = 'exited';
    this.#endApps(container);
  }

  #makeExec(container: FakeContainer, { Cmd = [], Env = [] }: ExecOrder): string {
    const id = `exec${this.#execs.size}`;
    this.#execs.set(id, { container, argv: Cmd, env: Env, running: true });
    this.commands.push(Cmd.join(' '));
    return id;
  }

  async #startExec(id: string, response: http.ServerResponse): Promise<void> {
    const exec = this.#execs.get(id);
    if (exec === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/vnd.docker.raw-stream' });
    if (exec.argv.includes('node')) {
      await serveApp(exec);
      response.write(Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, 0, 2]), Buffer.from('7\n')]));
      return;
    }
    exec.running = false;
    if (/kill -s (KILL|TERM)/.test(exec.argv.join(' '))) this.#endApps(exec.container);
    response.end();
  }

  #endApps(container: FakeContainer): void {
    container.app?.close().closeAllConnections();
    for (const exec of this.#execs.values()) if (exec.container === container) exec.running = false;
  }

  #inspectExec(id: string): Answer {
    const exec = this.#execs.get(id);
    if (exec === undefined) return [404];
    const { running } = exec;
    return [200, { Running: running, ExitCode: running ? null : 0, Pid: running ? 4711 : 0 }];
  }
}

/** The port stays the container's, whichever app it has. */
async function serveApp({ container, env }: FakeExec): Promise<void> {
  const version = env.find(entry => entry.startsWith('VERSION='));
  const app = http.createServer((_, response) => response.end(version));
  await new Promise<void>(resolve => app.listen(container.published, '127.0.0.1', resolve));
  container.published = (app.address() as AddressInfo).port;
  container.app = app;
}

function isOn(state: FakeContainer['state']): boolean {
  return state === 'running' || state === 'paused';
}

/** A published port that the caller left open is chosen when the container starts. */
function shown(container: FakeContainer): object {
  const wanted = /"HostPort":"(\d+)"/.exec(JSON.stringify(container.made))?.[1];
  container.published ||= Number(wanted);
  return {
    State: { Paused: container.state === 'paused', Pid: 0 },
    NetworkSettings: { Ports: { '8080/tcp': [{ HostPort: String(container.published) }] } },
  };
}
