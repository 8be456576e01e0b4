/** METHOD and URL → the head that such a request would have, scanned as a worker scans it. */
import type { Explain } from '../../command/control-requests.ts';
import type { Listener } from '../../command/requests.ts';
import { Head } from '../../http1/head.ts';
import { scanRequestHead, statusOfRefusal } from '../../http1/head-scanner.ts';
import { checkRequest } from '../../http1/request-rules.ts';
import { ProxyError } from '../../shared/errors.ts';
import { suggest } from '../../shared/nearest.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { ConfigState } from '../../state/config-state.ts';

export interface ImaginedRequest {
  readonly method: string;
  readonly target: string;
  readonly listener: Listener;
  readonly head: Head;
  /** The status that the request rules give; 0: it may go on. */
  readonly refusal: number;
}

export function imagineRequest(
  state: ConfigState,
  asked: Explain,
): Result<ImaginedRequest, ProxyError> {
  const { method, url, fields = [] } = asked;
  const [, , authority = '', rest = ''] = /^(https?:\/\/)?([^/?#]*)([^#]*)/i.exec(url) ?? [];
  const hosts = fields.filter(([name]) => name.toLowerCase() === 'host');
  const [host] = hosts.length > 0 ? hosts.map(([, value]) => value) : [authority];
  if (host === undefined || host === '') {
    return refuse(`which host? Write http://HOST${url} or add a Host field`);
  }
  const listener = listenerFor(state, asked.listener, authority);
  if (!listener.ok) return listener;
  // Nobody normalises it: what is asked about is the request as it would be sent.
  const target = rest.startsWith('/') || rest === '*' ? rest : `/${rest}`;
  const lines = fields
    .filter(([name]) => name.toLowerCase() !== 'host')
    .map(([name, value]) => `${name}: ${value}\r\n`);
  const text = `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\n${lines.join('')}\r\n`;
  const bytes = Buffer.from(text, 'utf8');
  const head = new Head();
  const scanned = scanRequestHead(head, bytes, 0, bytes.length);
  const base = { method, target, listener: listener.value, head };
  if (scanned === 'complete') return ok({ ...base, refusal: checkRequest(head) });
  return ok({ ...base, refusal: scanned === 'incomplete' ? 400 : statusOfRefusal[scanned] });
}

/** The one that was named, or the only one on the port of the URL. */
function listenerFor(
  state: ConfigState,
  named: string | undefined,
  authority: string,
): Result<Listener, ProxyError> {
  const all = [...state.listeners.keys()];
  if (named !== undefined) {
    const listener = state.listeners.get(named);
    if (listener !== undefined) return ok(listener);
    return refuse(`there is no listener on ${named}${suggest(named, all)}`);
  }
  const port = /:(\d+)$/.exec(authority)?.[1];
  const onPort = all.filter(each => each.endsWith(`:${port}`));
  // Behind a forwarded port the URL has another port than the listener.
  const possible = onPort.length > 0 ? onPort : all;
  const [address = '', second] = possible;
  const listener = state.listeners.get(address);
  if (listener !== undefined && second === undefined) return ok(listener);
  if (listener === undefined) return refuse('the proxy has no listener');
  return refuse(`which listener? Add --listener: ${possible.join(', ')}`);
}

function refuse(message: string): Result<never, ProxyError> {
  return err(new ProxyError('PROXY_REQUEST_INVALID', message));
}
