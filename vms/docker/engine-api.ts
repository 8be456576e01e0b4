/**
 * Speaks the HTTP API of a Docker engine over its socket. One question costs about a millisecond,
 * so screens may ask several times a second; a process of the command line for each would not do.
 */
import http from 'node:http';
import { MachineError } from '../errors.ts';
import { explainEngineError } from './explained-errors.ts';

export interface Reply {
  readonly status: number;
  readonly body: Buffer;
}

export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With its query. */
  readonly path: string;
  /** An object goes as JSON, bytes and a stream as a tar archive. */
  readonly body?: object | Buffer | NodeJS.ReadableStream;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** For what takes as long as a disk needs. */
const ANSWERS_WITHIN_MS = 60_000;

/** With `close`, the engine may hang up before it has read the end of an archive: EPIPE here. */
const KEEP_ALIVE = { connection: 'keep-alive' };

export class EngineApi {
  /** As in DOCKER_HOST: `unix:///run/docker.sock`, `npipe:////./pipe/docker_engine`, `tcp://host:port`. */
  readonly host: string;
  readonly #target: http.RequestOptions;

  constructor(host: string) {
    this.host = host;
    this.#target = targetOf(host);
  }

  async answers(): Promise<boolean> {
    const ping = this.ask({ method: 'GET', path: '/_ping', timeoutMs: 2_000 });
    return ping.then(
      reply => reply.status === 200,
      () => false,
    );
  }

  /** What is there under this path; undefined when there is nothing. */
  async find<T>(path: string): Promise<T | undefined> {
    const request = { method: 'GET', path } as const;
    const reply = await this.ask(request);
    return reply.status === 404 ? undefined : parse<T>(mustSucceed(request, reply));
  }

  /** Does something that must succeed; `allowed` lists failures that are as good, 304 for example. */
  async change<T>(request: Request, ...allowed: readonly number[]): Promise<T | undefined> {
    const reply = await this.ask(request);
    return parse<T>(allowed.includes(reply.status) ? reply.body : mustSucceed(request, reply));
  }

  /** The reply, whatever its status. Rejects when there is none. */
  async ask(request: Request): Promise<Reply> {
    const response = await this.open(request);
    const pieces: Buffer[] = [];
    try {
      for await (const piece of response) pieces.push(piece as Buffer);
    } catch (error) {
      throw this.#unheard(request, error);
    }
    return { status: response.statusCode ?? 0, body: Buffer.concat(pieces) };
  }

  /** The reply as it comes, for those that do not end by themselves. */
  open(request: Request): Promise<http.IncomingMessage> {
    const { method, path, body, timeoutMs = ANSWERS_WITHIN_MS, signal } = request;
    return new Promise((resolve, reject) => {
      const fail = (error: unknown) => reject(this.#unheard(request, error));
      const call = http.request(
        {
          ...this.#target,
          method,
          path,
          agent: false,
          headers: KEEP_ALIVE,
          ...(signal && { signal }),
        },
        resolve,
      );
      call.on('error', fail);
      call.setTimeout(timeoutMs, () => call.destroy(new Error(`no answer in ${timeoutMs} ms`)));
      send(call, body, fail);
    });
  }

  #unheard({ method, path }: Request, error: unknown): MachineError {
    const reason = error instanceof Error ? error.message : String(error);
    return new MachineError(
      'VM_COMMAND_FAILED',
      `The Docker engine at ${this.host} does not answer ${method} ${path}: ${reason}. ` +
        'If it was ended, take the lab down (lab down) and start it again.',
      error,
    );
  }
}

function send(
  call: http.ClientRequest,
  body: Request['body'],
  fail: (error: unknown) => void,
): void {
  if (body === undefined) {
    call.end();
  } else if ('pipe' in body) {
    call.setHeader('content-type', 'application/x-tar');
    body.on('error', error => {
      call.destroy();
      fail(error);
    });
    body.pipe(call);
  } else {
    const isTar = Buffer.isBuffer(body);
    const bytes = isTar ? body : Buffer.from(JSON.stringify(body));
    call.setHeader('content-type', isTar ? 'application/x-tar' : 'application/json');
    call.setHeader('content-length', bytes.length);
    call.end(bytes);
  }
}

/** Throws VM_UNKNOWN on an address that this is not, so that nobody waits for it. */
function targetOf(host: string): http.RequestOptions {
  const [, scheme = '', rest = ''] = /^(\w+):\/\/(.+)$/.exec(host) ?? [];
  if (scheme === 'unix') return { socketPath: rest };
  if (scheme === 'npipe') return { socketPath: rest.replaceAll('/', '\\') };
  if (scheme === 'tcp' || scheme === 'http') {
    const { hostname, port } = new URL(`http://${rest}`);
    return { host: hostname, port: Number(port || 2375) };
  }
  throw new MachineError(
    'VM_UNKNOWN',
    `DOCKER_HOST is "${host}"; the kit speaks unix:///path, npipe:////./pipe/name and tcp://host:port.`,
  );
}

function mustSucceed({ method, path }: Request, { status, body }: Reply): Buffer {
  if (status >= 200 && status < 300) return body;
  const text = body.toString('utf8');
  const said = parseMessage(text) ?? text.trim();
  throw new MachineError(
    'VM_COMMAND_FAILED',
    explainEngineError(said) ?? `Docker refused ${method} ${path} with ${status}: ${said}`,
  );
}

function parse<T>(body: Buffer): T | undefined {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString('utf8')) as T;
  } catch {
    return undefined; // progress, line by line
  }
}

function parseMessage(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { message?: string }).message;
  } catch {
    return undefined;
  }
}
