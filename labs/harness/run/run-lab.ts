/** A run from nothing to nothing: set up, play every step, always take down, judge, report. */
import type { Provider } from '../../../vms/provider.ts';
import { messageOf } from '../errors.ts';
import type { Lab, Step } from '../lab.ts';
import type { RunResult, StepResult } from '../result.ts';
import { type Text, t } from '../text.ts';
import { throwIfInterrupted, unlessInterrupted } from './interruptible.ts';
import type { LabParts, LabVisitors, OpenedBrowser, OpenStage, RunOptions } from './lab-parts.ts';
import { recordMachines } from './machine-records.ts';
import { observeProxy } from './observe-proxy.ts';
import { Recorder } from './recorder.ts';
import { makeRunFolder, type RunFolder } from './run-folder.ts';
import { notReached, runResult, throughoutResult } from './run-result.ts';
import { contextOf, type Play, runStep } from './run-step.ts';
import { TearDown } from './tear-down.ts';

export interface RunOutcome {
  readonly result: RunResult;
  readonly folder: string;
}

/** Rejects when nothing could be run; a lab that fails resolves, with its verdict. */
export async function runLab(
  lab: Lab,
  options: RunOptions,
  parts: LabParts,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const startedAt = new Date();
  const begun = performance.now();
  const provider = await parts.chooseProvider(options.machines);
  const { instance, seed } = options;
  parts.narrator.opening(lab, { provider: provider.name, instance, seed });
  throwIfInterrupted(signal);
  const down = new TearDown();
  const claim = await parts.claim(options, `lab ${lab.id}`);
  down.add('instance', () => claim.release());
  if (claim.swept.length > 0) parts.narrator.note(sweptNote(claim.swept));
  try {
    const named = { lab: lab.id, provider: provider.name, seed };
    const folder = await makeRunFolder(options.home, named, startedAt);
    const recorder = new Recorder(() => performance.now() - begun, folder.history);
    down.add('history', () => recorder.close());
    const run = new Run(lab, options, parts, provider, folder, recorder, signal);
    const steps = await run.play();
    const result = runResult({ lab, options, provider, startedAt, recorder, signal, ...steps });
    await parts.writeReports(result, recorder.records, folder.folder);
    parts.narrator.summary(result, folder.folder);
    return { result, folder: folder.folder };
  } finally {
    await down.run(problem => parts.narrator.note(problem));
  }
}

function sweptNote(swept: readonly string[]): Text {
  const what = swept.join(', ');
  return t(
    `A run before this one ended without cleaning up. Removed: ${what}.`,
    `Une exécution précédente s’est arrêtée sans ranger. Supprimé : ${what}.`,
  );
}

interface Played {
  readonly steps: readonly StepResult[];
  readonly browser: RunResult['browser'];
}

class Run {
  readonly #lab: Lab;
  readonly #options: RunOptions;
  readonly #parts: LabParts;
  readonly #provider: Provider;
  readonly #folder: RunFolder;
  readonly #recorder: Recorder;
  readonly #signal: AbortSignal;

  constructor(
    lab: Lab,
    options: RunOptions,
    parts: LabParts,
    provider: Provider,
    folder: RunFolder,
    recorder: Recorder,
    signal: AbortSignal,
  ) {
    this.#lab = lab;
    this.#options = options;
    this.#parts = parts;
    this.#provider = provider;
    this.#folder = folder;
    this.#recorder = recorder;
    this.#signal = signal;
  }

  /** Machines, proxy, browser and visitors are gone when it returns, however it returns. */
  async play(): Promise<Played> {
    const [stageDown, browserDown] = [new TearDown(), new TearDown()];
    const opening = this.#openBrowser(browserDown);
    const results: StepResult[] = [];
    let browser: OpenedBrowser = { found: false, reason: 'interrupted' };
    try {
      const stage = await this.#openStage(stageDown);
      const visitors = this.#startVisitors(stage);
      stageDown.add('visitors', () => visitors.stop(2_000));
      const observation = observeProxy(stage.proxy, this.#recorder);
      stageDown.add('observation', () => observation.stop());
      browser = await unlessInterrupted(opening, this.#signal);
      this.#tellBrowser(browser);
      const play = this.#play(stage, browser);
      await this.#steps(play, visitors, results);
      // The last requests of the visitors count, so they end before the run is judged as a whole.
      await visitors.stop();
      if (!this.#signal.aborted) results.push(...this.#throughout(play));
    } catch (error) {
      if (!this.#signal.aborted) throw error;
    } finally {
      this.#parts.narrator.closing();
      const tell = (problem: Text): void => this.#parts.narrator.note(problem);
      await Promise.all([browserDown.run(tell), stageDown.run(tell)]);
    }
    return { steps: results, browser: browserFacts(browser) };
  }

  async #steps(play: Play, visitors: LabVisitors, results: StepResult[]): Promise<void> {
    const { steps } = this.#lab;
    for (const [index, step] of steps.entries()) {
      throwIfInterrupted(this.#signal);
      this.#parts.narrator.step(step, index, steps.length);
      if (step.visitors === 'rest') await unlessInterrupted(visitors.rest(), this.#signal);
      const result = await runStep(step, play);
      if (step.visitors === 'rest') visitors.resume();
      results.push(result);
      if (mayGoOn(result)) continue;
      const rest: readonly Step[] = steps.slice(index + 1);
      results.push(...rest.map(one => notReached(one, step, play)));
      return;
    }
  }

  #throughout(play: Play): readonly StepResult[] {
    const { throughout } = this.#lab;
    if (throughout.length === 0) return [];
    const result = throughoutResult(throughout, play, contextOf(play, 0, 0));
    for (const check of result.checks) this.#parts.narrator.settled(check);
    return [result];
  }

  #openBrowser(browserDown: TearDown): Promise<OpenedBrowser> {
    if (!this.#options.browser) {
      return Promise.resolve({ found: false, reason: '--no-browser' });
    }
    const opening = this.#parts
      .openBrowser(this.#options, this.#signal)
      .catch((error: unknown): OpenedBrowser => ({ found: false, reason: messageOf(error) }));
    browserDown.add('browser', async () => {
      const opened = await opening;
      if (opened.found) await opened.close();
    });
    return opening;
  }

  async #openStage(stageDown: TearDown): Promise<OpenStage> {
    const stage = await this.#parts.openStage(
      {
        lab: this.#lab,
        provider: this.#provider,
        options: this.#options,
        proxyFolder: this.#folder.proxy,
        progress: text => this.#parts.narrator.progress(text),
      },
      this.#signal,
    );
    const keep = this.#options.keep;
    stageDown.add('machines and proxy', () =>
      keep && !this.#signal.aborted ? stage.leave() : stage.close(),
    );
    throwIfInterrupted(this.#signal);
    const statuses = await stage.room.status();
    await recordMachines(stage.room, this.#recorder);
    this.#parts.narrator.stageReady({ url: stage.url, machines: statuses });
    return stage;
  }

  #startVisitors(stage: OpenStage): LabVisitors {
    const recorder = this.#recorder;
    this.#parts.narrator.watch(recorder, Object.keys(this.#lab.visitors));
    return this.#parts.startVisitors({
      url: stage.url,
      visitors: this.#lab.visitors,
      record: request => recorder.append(request),
      now: () => recorder.now(),
    });
  }

  #tellBrowser(browser: OpenedBrowser): void {
    if (browser.found || !this.#options.browser) return;
    this.#parts.narrator.note(
      t(
        `No browser: ${browser.reason} The history is judged alone, and the run cannot pass.`,
        `Pas de navigateur : ${browser.reason} Seul l’historique est jugé, et l’exécution ne peut pas réussir.`,
      ),
    );
  }

  #play(stage: OpenStage, browser: OpenedBrowser): Play {
    return {
      lab: this.#lab,
      stage,
      recorder: this.#recorder,
      folder: this.#folder,
      narrator: this.#parts.narrator,
      language: this.#options.language,
      signal: this.#signal,
      slow: this.#options.slow,
      browser: browser.found ? browser.viewer : { missing: browser.reason },
      forwardedPorts: Object.fromEntries(
        [...stage.machines].map(([name, { forwardedPort }]) => [name, forwardedPort]),
      ),
    };
  }
}

/** A step without a browser is still a step; one that failed leaves no ground for the next. */
function mayGoOn(step: StepResult): boolean {
  return step.checks.every(
    ({ source, verdict }) =>
      verdict.kind === 'pass' || (source === 'browser' && verdict.kind === 'unknown'),
  );
}

function browserFacts(browser: OpenedBrowser): RunResult['browser'] {
  return browser.found
    ? { found: true, name: browser.name }
    : { found: false, reason: browser.reason };
}
