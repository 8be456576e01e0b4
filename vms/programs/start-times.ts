/**
 * When processes began, where that takes a tool which takes a third of a second: it is asked once a
 * minute, and in between only whether there still is a process with that pid.
 */
export interface StartTimeSources {
  /** Undefined when there is none. Asks the tool. */
  readonly ask: (pid: number) => string | undefined;
  /** Is there any process with this pid? Quick. */
  readonly isThere: (pid: number) => boolean;
  /** Milliseconds. */
  readonly now: () => number;
}

const TRUSTED_MS = 60_000;

export class StartTimes {
  readonly #sources: StartTimeSources;
  readonly #known = new Map<number, { readonly started: string; readonly at: number }>();

  constructor(sources: StartTimeSources) {
    this.#sources = sources;
  }

  /** `fresh`: before something is done to the process, and when it has just been started. */
  of(pid: number, fresh: boolean): string | undefined {
    const { ask, isThere, now } = this.#sources;
    if (!isThere(pid)) {
      this.#known.delete(pid);
      return undefined;
    }
    const known = this.#known.get(pid);
    if (!fresh && known !== undefined && now() - known.at < TRUSTED_MS) return known.started;
    const started = ask(pid);
    if (started === undefined) this.#known.delete(pid);
    else this.#known.set(pid, { started, at: now() });
    return started;
  }
}
