/** Asks the admin API of a proxy under test, byte for byte where a test wants that. */
import { type ClientRequest, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { eventually } from './eventually.ts';
import type { RunningProxy } from './start-proxy.ts';

export const token = 'a-token-for-tests-0123456789';

/** The table for a config file; the port is any free one. */
export const adminTable: string = `[admin]\naddress = "127.0.0.1:0"\ntoken = "${token}"\n`;

export interface ApiAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Undefined when the text is no JSON. */
  readonly json: { status?: string; message?: string; content?: unknown; id?: unknown } | undefined;
}

export interface ApiSpec {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export class ApiClient {
  readonly #where: { readonly port: number } | { readonly socketPath: string };

  constructor(where: { readonly port: number } | { readonly socketPath: string }) {
    this.#where = where;
  }

  /** With the token, unless the headers say otherwise. */
  ask(spec: ApiSpec): Promise<ApiAnswer> {
    return new Promise((resolve, reject) => {
      const request = this.open(spec, reject);
      request.on('response', response => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => {
          const { statusCode: status = 0, headers } = response;
          resolve({ status, headers, text, json: parsed(text) });
        });
        response.on('error', reject);
      });
      request.end(spec.body);
    });
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<ApiAnswer> {
    return this.ask({ path, headers });
  }

  post(value: unknown): Promise<ApiAnswer> {
    const headers = { 'content-type': 'application/json' };
    return this.ask({ method: 'POST', path: '/v1/requests', headers, body: JSON.stringify(value) });
  }

  /** The request, not yet ended. */
  open(spec: ApiSpec, onError: (error: Error) => void): ClientRequest {
    const { method = 'GET', path, headers = {} } = spec;
    const all = { authorization: `Bearer ${token}`, ...headers };
    const request = httpRequest({ ...this.#where, path, method, headers: all, agent: false });
    return request.on('error', onError);
  }

  /** Everything that comes back for these bytes until the other side closes. */
  raw(bytes: string | Buffer): Promise<string> {
    return new Promise(resolve => {
      const socket =
        'port' in this.#where
          ? connect(this.#where.port, '127.0.0.1')
          : connect(this.#where.socketPath);
      let text = '';
      socket.on('data', chunk => {
        text += chunk.toString('latin1');
      });
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(text));
      socket.write(bytes);
    });
  }
}

/** The port is in the log, as it is for people. */
export async function adminOf(proxy: RunningProxy): Promise<ApiClient> {
  const address = await eventually(
    'the address of the admin API is in the log',
    () => /admin API on (\S+)/.exec(proxy.stdout())?.[1],
  );
  if (address.startsWith('unix://')) {
    return new ApiClient({ socketPath: address.slice('unix://'.length) });
  }
  return new ApiClient({ port: Number(new URL(address).port) });
}

function parsed(text: string): ApiAnswer['json'] {
  try {
    return JSON.parse(text) as ApiAnswer['json'];
  } catch {
    return undefined;
  }
}
