/** A line of a log as evidence: whose, about which request, how long, of which trace, and its beginning. */
import { duration } from './figures.ts';
import type { LogRecord } from './history.ts';
import { type Text, t } from './text.ts';

/** A line of an access log has a thousand characters. */
const LONGEST = 200;

export function logInWords({ source, line, requestId, durationMs, traceId }: LogRecord): Text {
  const took = durationMs === undefined ? undefined : duration(durationMs);
  const trace = traceId?.slice(0, 8);
  const start = line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
  const told = (time: string | undefined): string =>
    [source, requestId, time, trace && `trace ${trace}`, start]
      .filter(part => part !== undefined)
      .join(' · ');
  return t(told(took?.en), told(took?.fr));
}
