/**
 * A proxy that is configured by environment variables, as sillyproxy was:
 *
 *     BLUE=http://myapp-v1:8080  BLUE_WEIGHT=4     4 of 5 requests, with `Color: blue`
 *     GREEN=http://myapp-v2:8080                   1 of 5 requests, with `Color: green`
 *
 * They become a config file, so everything that a file may say is checked and done in one place.
 */
import { stringify } from 'smol-toml';
import type { TomlTable } from './check-keys.ts';
import { type Colour, readColour } from './colour.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ColourOptions {
  /** `ip:port`. */
  readonly address: string;
  /** Absolute path. */
  readonly commandSocket: string;
  readonly workerCount: number;
  /** Colours beside blue and green. */
  readonly more: readonly string[];
  /** Requests ask for the path of the colour's URL in place of the client's. */
  readonly stripPath: boolean;
  /** A visitor stays with their colour. */
  readonly sticky: boolean;
  /** False: every request has a connection of its own to its colour. */
  readonly keepAlive: boolean;
  readonly accessLog: boolean;
}

export interface Colours {
  /** The text of the config file. */
  readonly toml: string;
  readonly colours: readonly Colour[];
  /** What keeps a colour that was meant from being used. */
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
}

export const COLOURS_CLUSTER = 'colors';

const MOST_WEIGHT = 1000;

export function readColours(environment: Environment, options: ColourOptions): Colours {
  const names = [...new Set(['blue', 'green', ...options.more])];
  const warnings: string[] = [];
  const notes: string[] = [];
  const colours: Colour[] = [];
  for (const name of names) {
    const isAsked = options.more.includes(name);
    const found = readColour(environment, name);
    if (found.kind === 'usable') {
      colours.push(found.colour);
      notes.push(...notesOn(found.colour, options.stripPath));
    } else if (found.kind === 'wrong' || isAsked) warnings.push(found.message);
    else notes.push(found.message);
  }
  const weighed = withinRange(colours, warnings);
  if (colours.length === 0) {
    warnings.push(
      'no colour can be used, so every request is answered 503: ' +
        'set BLUE to the URL of a backend, such as BLUE=http://127.0.0.1:8081',
    );
  }
  return { toml: stringify(fileOf(weighed, options)), colours: weighed, warnings, notes };
}

function notesOn({ variable, url, path }: Colour, stripPath: boolean): string[] {
  const { username, search, hash, host } = new URL(url);
  const notes: string[] = [];
  if (username !== '' || search !== '' || hash !== '') {
    notes.push(`${variable}=${url}: only http://${host}${path} of it is used`);
  }
  if (!stripPath && path !== '/') {
    notes.push(`${variable}=${url}: its path ${path} is not used; with --strip-path it would be`);
  }
  return notes;
}

/** Weights are relative: 4000 and 1000 are 4 and 1. */
function withinRange(colours: readonly Colour[], warnings: string[]): Colour[] {
  const weights = colours.map(each => each.weight);
  if (weights.every(weight => weight <= MOST_WEIGHT)) return [...colours];
  const common = weights.reduce(greatestCommonDivisor);
  const most = Math.max(...weights) / common;
  if (most <= MOST_WEIGHT) {
    return colours.map(each => ({ ...each, weight: each.weight / common }));
  }
  warnings.push(
    `the weights ${weights.join(' and ')} are rounded to parts of ${MOST_WEIGHT}: smaller ones are exact`,
  );
  const scale = MOST_WEIGHT / (most * common);
  return colours.map(each => ({ ...each, weight: scaled(each.weight, scale) }));
}

function scaled(weight: number, scale: number): number {
  return weight === 0 ? 0 : Math.max(1, Math.round(weight * scale));
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function fileOf(colours: readonly Colour[], options: ColourOptions): TomlTable {
  const { address, commandSocket, workerCount, stripPath, sticky, keepAlive, accessLog } = options;
  return {
    command_socket: commandSocket,
    worker_count: workerCount,
    ...(accessLog ? { access_logs_target: 'stdout' } : {}),
    listeners: [{ address, protocol: 'http' }],
    clusters: {
      [COLOURS_CLUSTER]: {
        protocol: 'http',
        load_balancing: 'round-robin',
        ...(sticky ? { sticky_session: true } : {}),
        frontends: [{ address, hostname: '*' }],
        backends: colours.map(({ name, address: at, weight, path }) => ({
          backend_id: name,
          address: at,
          weight,
          request_headers: { Color: name },
          ...(stripPath ? { replace_path: path } : {}),
          ...(keepAlive ? {} : { reuse_connections: false }),
        })),
      },
    },
  };
}
