/**
 * Finds a worker whose event loop stands still: it is asked again and again whether it is there.
 * What counts is how often this process has asked in vain, not the time on the clock: whoever was
 * stopped or starved itself must not take the others for dead when it wakes up.
 */

/** A worker may be silent for so many questions. */
const QUESTIONS = 4;

export interface HeartbeatOptions {
  readonly timeoutMs: number;
  /** Resolves when there is an answer; never otherwise. */
  readonly ask: () => Promise<unknown>;
  readonly onSilence: () => void;
}

/** Until the returned function is called, or the silence was told. */
export function watchHeartbeat({ timeoutMs, ask, onSilence }: HeartbeatOptions): () => void {
  let unanswered = 0;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    timer = setTimeout(beat, timeoutMs / QUESTIONS).unref();
  };
  const beat = (): void => {
    if (unanswered === QUESTIONS) {
      onSilence();
      return;
    }
    unanswered += 1;
    void ask().then(() => {
      unanswered = 0;
    });
    wait();
  };
  wait();
  return () => clearTimeout(timer);
}
