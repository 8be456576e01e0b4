/** Runs wrk, and reads what it printed. */
import type { Crew } from './crew.ts';

export interface Load {
  readonly url: string;
  readonly host: string;
  readonly connections: number;
  readonly seconds: number;
}

export interface WrkResult {
  readonly requests: number;
  readonly requestsPerSecond: number;
  /** Why the round does not count; undefined when it does. */
  readonly invalid: string | undefined;
}

export async function runWrk(crew: Crew, load: Load): Promise<WrkResult> {
  const { url, host, connections, seconds } = load;
  return parseWrk(
    await crew.run('wrk', 'wrk', [
      ...['-t', '1', '-c', String(connections), '-d', `${seconds}s`],
      ...['-H', `Host: ${host}`, url],
    ]),
  );
}

/** Throws when the text is no report of wrk: a figure that is not there must not become zero. */
export function parseWrk(text: string): WrkResult {
  const requests = /(\d+) requests in /.exec(text)?.[1];
  const requestsPerSecond = /^Requests\/sec:\s+([\d.]+)$/m.exec(text)?.[1];
  if (requests === undefined || requestsPerSecond === undefined) {
    throw new Error(`wrk printed no result: ${text.trim()}`);
  }
  const non2xx = /Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1];
  const socketErrors = /Socket errors: (.+)/.exec(text)?.[1];
  const problems = [
    non2xx === undefined ? [] : `${non2xx} answers were no 2xx`,
    socketErrors === undefined ? [] : `socket errors: ${socketErrors}`,
    Number(requests) === 0 ? 'no request was answered' : [],
  ].flat();
  return {
    requests: Number(requests),
    requestsPerSecond: Number(requestsPerSecond),
    invalid: problems.length === 0 ? undefined : problems.join(', '),
  };
}
