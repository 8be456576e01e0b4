/** What keeps a backend, or a stop, waiting: requests in progress, counted and by name. */

/**
 * `download`: its answer has begun. `upload`: its body is not complete. `request`: it waits for an
 * answer. `tunnel`: WebSockets and their like.
 */
export type HolderKind = 'download' | 'upload' | 'request' | 'tunnel';

export type HolderCounts = Readonly<Record<HolderKind, number>>;

export interface Holder {
  readonly requestId: string;
  readonly kind: HolderKind;
  readonly method: string;
  readonly host: string;
  /** Without its query, which may hold secrets; cut where it is very long. */
  readonly path: string;
  /** Address and port of the client. */
  readonly client: string;
  /** Since its head was complete. */
  readonly ageMs: number;
  /** So far, heads included. */
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export interface HolderReport {
  readonly counts: HolderCounts;
  /** Tunnels, and whatever is older than a second: what one may have to wait long for. */
  readonly long: number;
  /** The oldest of those, oldest first; at most `MAX_NAMED`. */
  readonly named: readonly Holder[];
}

export interface CutReport {
  /** Ended without a whole answer. */
  readonly counts: HolderCounts;
  /** Repeatable and not answered yet: another backend was asked, and nobody noticed. */
  readonly moved: number;
}

/** Which backend is meant. */
export interface BackendPlace {
  readonly clusterId: string;
  readonly backendId: string;
  /** Absent: at all addresses that its name has. */
  readonly address?: string;
}

/** A backend that gets no new request and still has some in progress. */
export interface InFlight {
  readonly clusterId: string;
  readonly backendId: string;
  readonly address: string;
  readonly requests: number;
}

export const MAX_NAMED: number = 20;
export const LONG_AFTER_MS: number = 1000;

export const NO_HOLDERS: HolderCounts = { download: 0, upload: 0, request: 0, tunnel: 0 };

export function addCounts(left: HolderCounts, right: HolderCounts): HolderCounts {
  return {
    download: left.download + right.download,
    upload: left.upload + right.upload,
    request: left.request + right.request,
    tunnel: left.tunnel + right.tunnel,
  };
}

export function totalOf({ download, upload, request, tunnel }: HolderCounts): number {
  return download + upload + request + tunnel;
}

/** Reports of several workers as one. */
export function mergeHolders(reports: readonly HolderReport[]): HolderReport {
  return {
    counts: reports.reduce((sum, { counts }) => addCounts(sum, counts), NO_HOLDERS),
    long: reports.reduce((sum, { long }) => sum + long, 0),
    named: reports
      .flatMap(({ named }) => named)
      .sort((a, b) => b.ageMs - a.ageMs)
      .slice(0, MAX_NAMED),
  };
}
