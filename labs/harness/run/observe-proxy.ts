/** Follows the proxy while a lab runs: its events as they come, its backends several times a second. */

import type { Recorder } from './recorder.ts';
import { residentMiB } from './resident-memory.ts';
import type { ProxyControl } from './stage.ts';

const SAMPLE_MS = 250;

interface Asked {
  readonly file: boolean;
}

export interface Observation {
  stop(): Promise<void>;
}

export interface ProxyObservation extends Observation {
  /** The first look has ended: the shortest run has a sign of the proxy. */
  readonly begun: Promise<void>;
}

/**
 * A proxy that does not answer leaves no sample: checks that need one turn `unknown`. `file`: its
 * config file is compared with what runs each time.
 */
export function observeProxy(
  proxy: ProxyControl,
  recorder: Recorder,
  asked: Asked,
): ProxyObservation {
  let running = true;
  let timer: NodeJS.Timeout | undefined;
  let wake = (): void => {};
  proxy.onEvent(event => {
    if (running) recorder.append({ kind: 'proxy-event', event });
  });
  const recording: Pick<Recorder, 'append'> = {
    append: entry => {
      if (running) recorder.append(entry);
    },
  };
  const look = (): Promise<void> =>
    recordProxy(proxy, recording, asked).catch(() => {
      // Told by its absence.
    });
  const begun = look();
  const loop = async (): Promise<void> => {
    await begun;
    while (running) {
      await new Promise<void>(resolve => {
        wake = resolve;
        timer = setTimeout(resolve, SAMPLE_MS);
      });
      if (running) await look();
    }
  };
  const ended = loop();
  return {
    begun,
    stop: () => {
      running = false;
      clearTimeout(timer);
      wake();
      return ended;
    },
  };
}

/** Rejects when the proxy does not answer. */
export async function recordProxy(
  proxy: ProxyControl,
  recorder: Pick<Recorder, 'append'>,
  { file }: Asked = { file: false },
): Promise<void> {
  const [identity, backends, compared] = await Promise.all([
    proxy.identity(),
    proxy.backends(),
    file ? proxy.compareFile().then(one => ({ file: one })) : {},
  ]);
  const memoryMiB = await residentMiB([identity.mainPid, ...identity.workerPids]);
  const memory = memoryMiB === undefined ? {} : { memoryMiB };
  recorder.append({ kind: 'proxy', ...identity, ...memory, backends, ...compared });
}
