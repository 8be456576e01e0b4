/** Which code has run, as V8 counts it, block by block; only code of the proxy. */
import { type Profiler, Session } from 'node:inspector';

export interface Coverage {
  /** True when code ran for the first time since the last call. */
  take(): boolean;
  stop(): void;
}

export function startCoverage(): Coverage {
  const session = new Session();
  const seen = new Set<string>();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: false, detailed: true });
  return {
    take() {
      const before = seen.size;
      for (const key of takeRanges(session)) seen.add(key);
      return seen.size > before;
    },
    stop() {
      session.post('Profiler.stopPreciseCoverage');
      session.disconnect();
    },
  };
}

/** The session is in this very thread, so its callback has run when `post` returns. */
function takeRanges(session: Session): string[] {
  let keys: string[] = [];
  session.post('Profiler.takePreciseCoverage', (error, { result }) => {
    if (error !== null) throw error;
    const own = result.filter(script => script.url.includes('/dist/proxy/'));
    keys = own.flatMap(script => script.functions.flatMap(each => rangesOf(script.url, each)));
  });
  return keys;
}

function rangesOf(url: string, { ranges }: Profiler.FunctionCoverage): string[] {
  return ranges
    .filter(range => range.count > 0)
    .map(range => `${url}:${range.startOffset}-${range.endOffset}`);
}
