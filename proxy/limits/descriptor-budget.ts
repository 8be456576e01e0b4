/** How many client connections the descriptors of a process are enough for. */

/** Log, command channel, event loop, listening sockets: what a worker has open besides. */
const OTHER_DESCRIPTORS = 40;
/** The rest is for connections to backends: many clients are idle, and those need none. */
const CLIENT_SHARE = 0.75;

/** `limit`: the soft limit of open files. */
export function clientsThatFit(limit: number): number {
  return Math.max(1, Math.floor(limit * CLIENT_SHARE) - OTHER_DESCRIPTORS);
}

/** The limit that is enough for this many clients. */
export function descriptorsFor(clients: number): number {
  return Math.ceil((clients + OTHER_DESCRIPTORS) / CLIENT_SHARE);
}

/** Why nobody could be served at all with so few; undefined when it is enough for that. */
export function descriptorRefusal(
  listeners: number,
  workers: number,
  limit: number,
): string | undefined {
  const needed = descriptorsFor(1) + listeners + 2 * workers;
  if (limit >= needed) return undefined;
  return (
    `a process may open ${limit} files, but this proxy needs ${needed} to serve anybody at all: ` +
    `run \`ulimit -n ${Math.max(1024, needed)}\` before the start`
  );
}

/** One sentence that names the fix, or undefined when all is well. */
export function descriptorWarning(clients: number, limit: number): string | undefined {
  const fit = clientsThatFit(limit);
  if (fit >= clients) return undefined;
  return (
    `max_connections is ${clients}, but a process may open ${limit} files, so a worker accepts ` +
    `${fit} connections at most: run \`ulimit -n ${descriptorsFor(clients)}\` before the start, ` +
    'or lower max_connections'
  );
}
