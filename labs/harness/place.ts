/** Where a browser looks: any name and path at the proxy's address, not only the site's own. */
export interface Place {
  /** Default `localhost`; every name below it leads to this computer too. */
  readonly host?: string;
  /** Default `/`; with its query, as it is sent. */
  readonly path?: string;
}

/** `site` is the address of the proxy, such as `http://localhost:9090/`. */
export function urlAt(site: string, { host, path = '/' }: Place = {}): string {
  const url = new URL(path, site);
  if (host !== undefined) url.hostname = host;
  return url.href;
}

/** Does this address, asked for by a browser, lead to the place? */
export function leadsTo(url: string, { host = 'localhost', path = '/' }: Place = {}): boolean {
  const { hostname, pathname, search } = new URL(url);
  return hostname === host && pathname + search === path;
}
