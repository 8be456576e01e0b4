/** Backends that keep requests for long, and clients that hold them, for tests of drains. */
import type { TestContext } from 'node:test';
import { eventually } from './eventually.ts';
import { answerOf, RawBackend, RawClient } from './raw-peer.ts';
import type { RunningProxy } from './start-proxy.ts';

const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n';
export const UPGRADE: string = 'Connection: Upgrade\r\nUpgrade: echo\r\n';

export function drainConfig(backends: readonly string[]): string {
  const list = backends.map(address => `{ address = "${address}" }`).join(', ');
  return `
    log_level = "warn"
    worker_count = 2
    [[listeners]]
    address = "127.0.0.1:0"
    protocol = "http"
    [clusters.web]
    protocol = "http"
    frontends = [{ address = "127.0.0.1:0", hostname = "web" }]
    backends = [${list}]
  `;
}

export function head(path: string, fields = ''): string {
  return `GET ${path} HTTP/1.1\r\nHost: web\r\n${fields}\r\n`;
}

/** Begins `/long` and does not end it, grants upgrades, and says nothing to `/wait`. */
export function slow(test: TestContext): Promise<RawBackend> {
  return backend(test, text => {
    if (text.startsWith('GET /long')) return 'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nbegin';
    if (text.startsWith('GET /wait')) return undefined;
    return text.includes(UPGRADE) ? SWITCH : answerOf('slow');
  });
}

export async function backend(
  test: TestContext,
  answer: (head: string) => string | undefined,
): Promise<RawBackend> {
  const started = await RawBackend.answering(answer);
  test.after(() => started.close());
  return started;
}

export async function hold(
  test: TestContext,
  proxy: RunningProxy,
  text: string,
): Promise<RawClient> {
  const client = await RawClient.connect(proxy.port);
  test.after(() => client.close());
  return client.send(text);
}

/** As `eventually`, for a computer that is busy. */
export function soon(what: string, probe: () => boolean | Promise<boolean>): Promise<boolean> {
  return eventually(what, probe, 30_000);
}
