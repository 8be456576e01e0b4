/** Visitors that come at a steady rate, whatever happens to those before them. */
import http from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface Visit {
  /** Milliseconds since the visitors began to come. */
  readonly at: number;
  readonly ms: number;
  /** Status of a complete answer, or what went wrong. */
  readonly outcome: string;
}

export interface Visits {
  readonly all: readonly Visit[];
  /** What this process itself was late at most. */
  readonly lateMs: number;
}

export interface VisitorOptions {
  readonly port: number;
  readonly host: string;
  readonly perSecond: number;
  readonly forMs: number;
}

const TICK_MS = 10;

/** Half of them keep their connections, the others have one of their own. */
export async function visit(options: VisitorOptions): Promise<Visits> {
  const agent = new http.Agent({ keepAlive: true });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const startedAt = performance.now();
  const visits: Promise<Visit>[] = [];
  await new Promise<void>(resolve => {
    const timer = setInterval(() => {
      const passed = Math.min(options.forMs, performance.now() - startedAt);
      const due = Math.floor((passed * options.perSecond) / 1000);
      while (visits.length < due) {
        visits.push(visitOnce(options, visits.length % 2 === 0 ? agent : false, startedAt));
      }
      if (passed < options.forMs) return;
      clearInterval(timer);
      resolve();
    }, TICK_MS);
  });
  const all = await Promise.all(visits);
  delay.disable();
  agent.destroy();
  return { all, lateMs: delay.max / 1e6 };
}

function visitOnce(
  { port, host }: VisitorOptions,
  agent: http.Agent | false,
  begin: number,
): Promise<Visit> {
  const startedAt = performance.now();
  return new Promise(resolve => {
    const done = (outcome: string): void =>
      resolve({ at: startedAt - begin, ms: performance.now() - startedAt, outcome });
    const request = http.get(
      { host: '127.0.0.1', port, agent, headers: { Host: host } },
      answer => {
        answer.on('data', () => {});
        answer.on('end', () => done(String(answer.statusCode)));
        answer.on('error', error => done(error.message));
      },
    );
    request.on('error', error => done(error.message));
  });
}
