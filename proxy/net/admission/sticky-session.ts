/** A visitor stays with the backend that served them first, by a cookie. */
import { findVisited } from '../../balancing/visited.ts';
import type { Listener } from '../../command/requests.ts';
import { CookieReader } from '../../http1/cookie-reader.ts';
import type { Head } from '../../http1/head.ts';
import type { ClusterRuntime } from '../session/data-plane-view.ts';
import type { Exchange } from '../session/exchange.ts';

export const DEFAULT_STICKY_NAME: string = 'RELAISBALANCEID';
export const DEFAULT_STICKY_ATTRIBUTES: string = 'HttpOnly; SameSite=Lax';

const reader = new CookieReader();

/** Sets the backend that the visitor comes back to, and keeps our cookie from the backends. */
export function readStickyCookie(
  exchange: Exchange,
  head: Head,
  { backends }: ClusterRuntime,
  { stickyName = DEFAULT_STICKY_NAME }: Listener,
): void {
  exchange.stickyName = stickyName;
  if (!reader.take(head, stickyName)) return;
  exchange.visited = findVisited(backends.all, head.bytes, reader.valueStart, reader.valueEnd);
}

/** The Set-Cookie line for the answer; '' when the visitor has the right cookie already. */
export function stickyLine({ backend, visited, cluster, stickyName }: Exchange): string {
  if (backend === undefined || backend.options.stickyId === visited?.options.stickyId) return '';
  const attributes = cluster?.config.stickyAttributes ?? DEFAULT_STICKY_ATTRIBUTES;
  const more = attributes === '' ? '' : `; ${attributes}`;
  return `Set-Cookie: ${stickyName}=${backend.options.stickyId}; Path=/${more}\r\n`;
}
