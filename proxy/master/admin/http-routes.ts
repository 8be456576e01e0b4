/** Method and path → what to do. Pure. */
import type { HttpRefusal } from './http-guards.ts';

export type Route =
  /** The request is decoded like one of the command socket. */
  | { readonly kind: 'ask'; readonly request: RawRequest }
  | { readonly kind: 'post' }
  | { readonly kind: 'events' }
  | { readonly kind: 'metrics' }
  | { readonly kind: 'health' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'index' }
  | { readonly kind: 'refuse'; readonly refusal: HttpRefusal; readonly allow?: string };

export interface RawRequest {
  readonly kind: string;
  readonly [key: string]: unknown;
}

type GetRoute = (query: URLSearchParams) => Route;

function asking(kind: string): GetRoute {
  return () => ({ kind: 'ask', request: { kind } });
}

/** Absent parameters are absent keys. */
function withQuery(
  request: RawRequest,
  query: URLSearchParams,
  keys: Record<string, string>,
): Route {
  const given = Object.entries(keys).flatMap(([parameter, key]) => {
    const value = query.get(parameter);
    return value === null ? [] : [[key, value] as const];
  });
  return { kind: 'ask', request: { ...request, ...Object.fromEntries(given) } };
}

const getRoutes: Readonly<Record<string, GetRoute>> = {
  '/': () => ({ kind: 'index' }),
  '/healthz': () => ({ kind: 'health' }),
  '/readyz': () => ({ kind: 'ready' }),
  '/metrics': () => ({ kind: 'metrics' }),
  '/v1/events': () => ({ kind: 'events' }),
  '/v1/status': asking('status'),
  '/v1/clusters': query =>
    withQuery({ kind: 'list-clusters' }, query, { cluster: 'clusterId', hostname: 'hostname' }),
  '/v1/backends': query => withQuery({ kind: 'list-backends' }, query, { cluster: 'clusterId' }),
  '/v1/listeners': asking('list-listeners'),
  '/v1/frontends': query =>
    withQuery({ kind: 'list-frontends' }, query, {
      listener: 'listener',
      hostname: 'hostname',
      cluster: 'clusterId',
    }),
  '/v1/state': asking('dump-state'),
  '/v1/metrics': asking('show-metrics'),
  '/v1/why': query => withQuery({ kind: 'why' }, query, { id: 'requestId' }),
  '/v1/explain': query =>
    withQuery({ kind: 'explain', method: 'GET' }, query, {
      method: 'method',
      url: 'url',
      listener: 'listener',
    }),
};

export const getPaths: readonly string[] = Object.keys(getRoutes);

export function routeOf(method: string, target: string): Route {
  const [pathname = '', search = ''] = splitOnce(target, '?');
  const isGet = method === 'GET' || method === 'HEAD';
  if (pathname === '/v1/requests') {
    return method === 'POST' ? { kind: 'post' } : notAllowed(method, pathname, 'POST');
  }
  const route = Object.hasOwn(getRoutes, pathname) ? getRoutes[pathname] : undefined;
  if (route === undefined) return refuse(404, 'there is nothing at this path; GET / lists what is');
  // A stream has no end that a HEAD could wait for.
  if (method === 'HEAD' && pathname === '/v1/events') return notAllowed(method, pathname, 'GET');
  return isGet ? route(new URLSearchParams(search)) : notAllowed(method, pathname, 'GET, HEAD');
}

function notAllowed(method: string, pathname: string, allow: string): Route {
  return { ...refuse(405, `${pathname} takes ${allow}, not ${method}`), allow };
}

function refuse(status: number, message: string): Extract<Route, { kind: 'refuse' }> {
  return { kind: 'refuse', refusal: { status, message } };
}

function splitOnce(text: string, at: string): [string, string] {
  const index = text.indexOf(at);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}
