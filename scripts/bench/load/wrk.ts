/** Runs wrk, and reads what it printed. */
import type { Crew } from '../crew.ts';

export interface Load {
  readonly port: number;
  readonly path: string;
  readonly host: string;
  readonly connections: number;
  readonly seconds: number;
}

export interface WrkResult {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly p99Ms: number;
  /** Why the round does not count; undefined when it does. */
  readonly invalid: string | undefined;
}

export async function runWrk(crew: Crew, load: Load): Promise<WrkResult> {
  const { port, path, host, connections, seconds } = load;
  const args = [
    ...['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--latency'],
    ...['-H', `Host: ${host}`, `http://127.0.0.1:${port}${path}`],
  ];
  return parseWrk(await crew.run('wrk', { file: 'wrk', args }));
}

/** Throws when the text is no report of wrk: a figure that is not there must not become zero. */
export function parseWrk(text: string): WrkResult {
  const requests = /(\d+) requests in /.exec(text)?.[1];
  const requestsPerSecond = /^Requests\/sec:\s+([\d.]+)$/m.exec(text)?.[1];
  const p99 = /^\s+99%\s+([\d.]+)(us|ms|s)\s*$/m.exec(text);
  if (requests === undefined || requestsPerSecond === undefined || p99 === null) {
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
    p99Ms: Number(p99[1]) * { us: 0.001, ms: 1, s: 1000 }[p99[2] as 'us' | 'ms' | 's'],
    invalid: problems.length === 0 ? undefined : problems.join(', '),
  };
}
