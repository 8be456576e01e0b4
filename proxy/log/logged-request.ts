/** What the access log wants to know of a request; an exchange has all of it at its end. */

export interface LoggedBackend {
  readonly clusterId: string;
  readonly backendId: string;
  readonly address: string;
  readonly options?: { readonly version: string };
}

export interface LoggedTry {
  readonly backend: LoggedBackend;
  readonly outcome: string;
  readonly durationMs: number;
  /** Of an answer that was not passed on; 0 otherwise. */
  readonly status: number;
}

export type Tags = Readonly<Record<string, string>>;

/** Text that came from outside is Latin-1, one character for each byte, and not escaped. */
export interface LoggedRequest {
  readonly requestId: string;
  /** '' without a trace. */
  readonly traceId: string;
  /** Of the proxy's own hop, as the backend was told. */
  readonly spanId: string;
  /** Of the client's connection. */
  readonly client: { readonly peer: string };
  /** Whom the request comes from, behind trusted proxies. */
  readonly clientIp: string;
  /** Requests on that connection, this one included. */
  readonly requestsOnConnection: number;
  /** '' for a head that could not be read. */
  readonly method: string;
  /** As sent. */
  readonly target: string;
  /** Lower case, without port. */
  readonly hostname: string;
  readonly userAgent: string;
  readonly referer: string;
  /** It has become a tunnel. */
  readonly tunnel: boolean;

  /** 0: no answer was sent. */
  readonly status: number;
  /** The answer was the proxy's own. */
  readonly ownAnswer: boolean;
  /** The answer went out as a whole. */
  readonly complete: boolean;
  readonly keepAlive: boolean;
  /** Why the proxy answered by itself or cut the answer. */
  readonly message: string;
  /** From and to the client, heads included. */
  readonly bytesIn: number;
  readonly bytesOut: number;

  readonly frontend: { readonly tags?: Tags } | undefined;
  readonly cluster: { readonly id: string } | undefined;
  /** That was sent the request last. */
  readonly backend: LoggedBackend | undefined;
  readonly backendReused: boolean;
  /** The policy that chose it, or `sticky-session`; '' without a backend. */
  readonly chosenBy: string;
  /** Among how many backends, itself included; 0: no choice was made. */
  readonly chosenAmong: number;
  /** Tries that came to nothing. */
  readonly attempts: readonly LoggedTry[] | undefined;

  /** Monotonic milliseconds; 0: it did not come that far. */
  readonly startedAt: number;
  /** A connection to the backend was there. */
  readonly connectedAt: number;
  /** The head of the answer was there. */
  readonly answeredAt: number;
}

/** One request → one line with its line end, in plain ASCII. */
export type LineFormat = (request: LoggedRequest, listener: string, endedAt: number) => string;

/** The backend that answered, else the one that was asked last. */
export function lastBackend({ backend, attempts }: LoggedRequest): LoggedBackend | undefined {
  return backend ?? attempts?.at(-1)?.backend;
}

/** Tries in all, the one that was answered included. */
export function countTries({ attempts, ownAnswer, answeredAt }: LoggedRequest): number {
  const failed = attempts === undefined ? 0 : attempts.length;
  // An answer that broke off counts among those that came to nothing.
  const answered = answeredAt > 0 && !ownAnswer && attempts?.at(-1)?.outcome !== 'cut';
  return answered ? failed + 1 : failed;
}
