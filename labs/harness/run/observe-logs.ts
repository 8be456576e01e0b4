/** Follows logs while a lab runs: every line that comes is written into the history. */
import type { LogRecord } from '../history.ts';
import type { Observation } from './observe-proxy.ts';
import type { Recorder } from './recorder.ts';
import type { Stage } from './stage.ts';

const LOOK_AGAIN_MS = 100;
/** A line of the access log has about a thousand characters. */
const LONGEST_LINE = 4_000;

export function observeLogs(
  sources: readonly string[],
  { readLog }: Pick<Stage, 'readLog'>,
  recorder: Recorder,
): Observation {
  const logs = sources.map(source => new FollowedLog(source, readLog, recorder));
  let running = sources.length > 0;
  let wake = (): void => {};
  const loop = async (): Promise<void> => {
    while (running) {
      await Promise.all(logs.map(log => log.readOn()));
      if (!running) return;
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, LOOK_AGAIN_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const ended = loop();
  return {
    stop: () => {
      running = false;
      wake();
      return ended;
    },
  };
}

class FollowedLog {
  readonly #source: string;
  readonly #readLog: Stage['readLog'];
  readonly #recorder: Recorder;
  /** Only whole lines are taken, so a character is never cut in two. */
  #byte = 0;

  constructor(source: string, readLog: Stage['readLog'], recorder: Recorder) {
    this.#source = source;
    this.#readLog = readLog;
    this.#recorder = recorder;
  }

  async readOn(): Promise<void> {
    const text = await this.#readLog(this.#source, this.#byte);
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    this.#byte += Buffer.byteLength(whole);
    for (const line of whole.split('\n')) if (line !== '') this.#record(line);
  }

  #record(line: string): void {
    const told = factsOf(line);
    this.#recorder.append({
      kind: 'log',
      source: this.#source,
      line: line.slice(0, LONGEST_LINE),
      ...told,
    });
  }
}

type Facts = Pick<LogRecord, 'requestId' | 'traceId' | 'durationMs'>;

/** Not every line is JSON: an app also says that it has started. */
function factsOf(line: string): Facts {
  if (!line.startsWith('{')) return {};
  try {
    const told = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const { request_id: requestId, duration_ms: durationMs } = told;
    const traceId = traceOf(told);
    return {
      ...(typeof requestId === 'string' ? { requestId } : {}),
      ...(traceId === undefined ? {} : { traceId }),
      ...(typeof durationMs === 'number' ? { durationMs } : {}),
    };
  } catch {
    return {};
  }
}

/** The proxy tells the trace alone, the app the whole `traceparent`: version, trace, span, flags. */
function traceOf({
  trace_id: id,
  traceparent,
}: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof id === 'string') return id;
  return typeof traceparent === 'string' ? traceparent.split('-')[1] : undefined;
}
