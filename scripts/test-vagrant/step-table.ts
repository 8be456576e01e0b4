/** Steps one after the other, each timed; one that fails does not keep the next from its turn. */

interface Done {
  readonly name: string;
  readonly seconds: number;
  readonly problem: string | undefined;
}

export class StepTable {
  readonly #done: Done[] = [];
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  get failed(): boolean {
    return this.#done.some(({ problem }) => problem !== undefined);
  }

  async step(name: string, work: () => Promise<void>): Promise<void> {
    if (this.#signal.aborted) return;
    console.log(`\n== ${name}`);
    const start = performance.now();
    let problem: string | undefined;
    try {
      await work();
    } catch (error) {
      problem = String(error instanceof Error ? error.message : error).split('\n')[0];
    }
    this.#done.push({ name, seconds: (performance.now() - start) / 1000, problem });
  }

  /** Resolves with the exit code. */
  print(): number {
    const total = this.#done.reduce((sum, { seconds }) => sum + seconds, 0);
    console.log('\n   seconds  step');
    for (const { name, seconds, problem } of this.#done) {
      const mark = problem === undefined ? '✔' : '✘';
      console.log(
        `${mark} ${seconds.toFixed(1).padStart(8)}  ${name}${problem === undefined ? '' : `: ${problem}`}`,
      );
    }
    console.log(`  ${total.toFixed(1).padStart(8)}  in all`);
    return this.failed || this.#signal.aborted ? 1 : 0;
  }
}
