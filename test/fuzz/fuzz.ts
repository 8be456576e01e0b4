/** The loop: mutate, check, keep what is new. */
import { type Coverage, startCoverage } from './coverage.ts';
import { mutate } from './mutate.ts';
import { Random } from './random.ts';
import type { Target } from './target.ts';

export interface FuzzOptions {
  readonly seed: number;
  readonly inputs: number;
  /** Ends the run before all inputs; `Infinity` for none. */
  readonly milliseconds: number;
  /** Of earlier runs. */
  readonly corpus: readonly Buffer[];
  /** Also keeps inputs that reach new code, which every so many inputs is looked at; 0: never. */
  readonly coverageEvery: number;
}

export interface Failure {
  readonly input: Buffer;
  readonly reason: string;
}

export interface FuzzReport {
  readonly inputs: number;
  readonly milliseconds: number;
  readonly signatures: number;
  /** New ones, in the order they were found. */
  readonly found: readonly Buffer[];
  /** Messages that were passed on for inputs of different kinds. */
  readonly relayed: readonly string[];
  readonly failures: readonly Failure[];
  /** The slowest single input. */
  readonly slowest: { readonly milliseconds: number; readonly input: Buffer };
}

const MOST_FAILURES = 20;
const MOST_KEPT = 5_000;
/** Asking for the time after every input would take longer than most inputs. */
const TIME_EVERY = 64;

export function fuzz(target: Target, options: FuzzOptions): FuzzReport {
  const coverage = options.coverageEvery > 0 ? startCoverage() : undefined;
  try {
    return new Run(target, options, coverage).go();
  } finally {
    coverage?.stop();
  }
}

class Run {
  private readonly target: Target;
  private readonly options: FuzzOptions;
  private readonly coverage: Coverage | undefined;
  private readonly random: Random;
  private readonly corpus: Buffer[];
  private readonly known = new Set<string>();
  private readonly found: Buffer[] = [];
  private readonly relayed: string[] = [];
  private readonly failures: Failure[] = [];
  private slowest: FuzzReport['slowest'] = { milliseconds: 0, input: Buffer.alloc(0) };

  constructor(target: Target, options: FuzzOptions, coverage: Coverage | undefined) {
    this.target = target;
    this.options = options;
    this.coverage = coverage;
    this.random = new Random(options.seed);
    this.corpus = [...target.seeds, ...options.corpus];
  }

  go(): FuzzReport {
    const { inputs, milliseconds, coverageEvery } = this.options;
    const start = performance.now();
    const first = this.corpus.length;
    for (let i = 0; i < first; i++) this.try(this.corpus[i] as Buffer, false);
    this.coverage?.take();
    let done = first;
    let last = performance.now();
    for (; done < inputs && this.failures.length < MOST_FAILURES; done++) {
      const input = mutate(this.random, {
        corpus: this.corpus,
        dictionary: this.target.dictionary,
      });
      this.try(input, true);
      if (coverageEvery > 0 && done % coverageEvery === 0 && this.coverage?.take())
        this.keep(input);
      if (done % TIME_EVERY !== 0) continue;
      const now = performance.now();
      if (now - last > this.slowest.milliseconds)
        this.slowest = { milliseconds: now - last, input };
      if (now - start > milliseconds) break;
      last = now;
    }
    const { known, found, relayed, failures, slowest } = this;
    const took = performance.now() - start;
    return {
      inputs: done,
      milliseconds: took,
      signatures: known.size,
      found,
      relayed,
      failures,
      slowest,
    };
  }

  private try(input: Buffer, isNew: boolean): void {
    try {
      const { signature, relayed } = this.target.check(input, this.random);
      if (this.known.has(signature)) return;
      this.known.add(signature);
      if (relayed !== undefined) this.relayed.push(relayed);
      if (isNew) this.keep(input);
    } catch (error) {
      if (this.failures.length === MOST_FAILURES) return;
      const reason =
        error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error);
      this.failures.push({ input, reason });
    }
  }

  private keep(input: Buffer): void {
    if (this.corpus.length >= MOST_KEPT) return;
    this.corpus.push(input);
    this.found.push(input);
  }
}
