/** What tells two frontends apart, for machines and for people. */
import type { Frontend } from './requests.ts';

/** NUL cannot be part of an address, a host or a path. */
export function frontendKey(frontend: Frontend): string {
  const {
    listener,
    hostname,
    path,
    pathKind = 'prefix',
    method = '',
    position = 'tree',
  } = frontend;
  return [listener, hostname, pathKind, path, method, position].join('\0');
}

/** As one would write it down: `frontend GET example.org/api (equals) on 127.0.0.1:80`. */
export function describeFrontend(frontend: Frontend): string {
  return `frontend ${describeMatch(frontend)} on ${frontend.listener}`;
}

/** What it matches: `GET example.org/api (equals)`. */
export function describeMatch(frontend: Frontend): string {
  const { hostname, path, method, pathKind = 'prefix', position = 'tree' } = frontend;
  const kinds = [pathKind, position].filter(each => each !== 'prefix' && each !== 'tree');
  const verb = method === undefined ? '' : `${method} `;
  const kind = kinds.length === 0 ? '' : ` (${kinds.join(', ')})`;
  return `${verb}${hostname}${path}${kind}`;
}
