/** Follows the proxy while a lab runs: its events as they come, its backends several times a second. */
import type { Recorder } from './recorder.ts';
import type { ProxyControl } from './stage.ts';

const SAMPLE_MS = 250;

export interface Observation {
  stop(): Promise<void>;
}

/** A proxy that does not answer leaves no sample: checks that need one turn `unknown`. */
export function observeProxy(proxy: ProxyControl, recorder: Recorder): Observation {
  let running = true;
  let timer: NodeJS.Timeout | undefined;
  let wake = (): void => {};
  proxy.onEvent(event => {
    if (running) recorder.append({ kind: 'proxy-event', event });
  });
  const sample = async (): Promise<void> => {
    try {
      const [identity, backends] = await Promise.all([proxy.identity(), proxy.backends()]);
      if (running) recorder.append({ kind: 'proxy', ...identity, backends });
    } catch {
      // Told by its absence.
    }
  };
  const loop = async (): Promise<void> => {
    while (running) {
      await sample();
      if (!running) return;
      await new Promise<void>(resolve => {
        wake = resolve;
        timer = setTimeout(resolve, SAMPLE_MS);
      });
    }
  };
  const ended = loop();
  return {
    stop: () => {
      running = false;
      clearTimeout(timer);
      wake();
      return ended;
    },
  };
}
