/** listener + host + path → cluster id. Hosts match exactly, the longest path prefix wins. */

export interface Route {
  readonly listener: string;
  /** Lower case, without port. */
  readonly hostname: string;
  /** Byte prefix of the path; '' matches everything. */
  readonly path: string;
  readonly clusterId: string | null;
}

interface PathRule {
  readonly prefix: Buffer;
  readonly clusterId: string | null;
}

export class RouteTable {
  /** Rules by listener and host, the longest prefix first. */
  private readonly hosts = new Map<string, Map<string, PathRule[]>>();

  /** False when a route with the same listener, host and prefix is there already. */
  add(route: Route): boolean {
    const hosts = this.hosts.get(route.listener) ?? new Map<string, PathRule[]>();
    const rules = hosts.get(route.hostname) ?? [];
    const prefix = Buffer.from(route.path, 'utf8');
    if (rules.some(rule => rule.prefix.equals(prefix))) return false;
    rules.push({ prefix, clusterId: route.clusterId });
    rules.sort((a, b) => b.prefix.length - a.prefix.length);
    hosts.set(route.hostname, rules);
    this.hosts.set(route.listener, hosts);
    return true;
  }

  /** False when there was none; the cluster must be the one that was added. */
  remove(route: Route): boolean {
    const hosts = this.hosts.get(route.listener);
    const rules = hosts?.get(route.hostname) ?? [];
    const prefix = Buffer.from(route.path, 'utf8');
    const index = rules.findIndex(
      rule => rule.prefix.equals(prefix) && rule.clusterId === route.clusterId,
    );
    if (index < 0) return false;
    rules.splice(index, 1);
    if (rules.length === 0) hosts?.delete(route.hostname);
    return true;
  }

  /** Total: every host and every path has a result. `hostname` is lower case. */
  find(
    listener: string,
    hostname: string,
    bytes: Buffer,
    pathStart: number,
  ): string | null | undefined {
    const rules = this.hosts.get(listener)?.get(hostname);
    if (rules === undefined) return undefined;
    for (const rule of rules) {
      if (startsWith(bytes, pathStart, rule.prefix)) return rule.clusterId;
    }
    return undefined;
  }
}

/** The byte behind a path is a blank, which no prefix holds, so the path's end needs no check. */
function startsWith(bytes: Buffer, start: number, prefix: Buffer): boolean {
  for (let i = 0; i < prefix.length; i++) {
    if (bytes[start + i] !== prefix[i]) return false;
  }
  return true;
}
