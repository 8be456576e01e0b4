/** Everything that steps are played with, opened together and taken down together. */
import type { Provider } from '../../../vms/provider.ts';
import { SECOND_PROXY } from '../actions.ts';
import { messageOf } from '../errors.ts';
import type { Lab } from '../lab.ts';
import { logSources } from '../log-sources.ts';
import { probesOfLab } from '../probes-of-lab.ts';
import { type Text, t } from '../text.ts';
import { throwIfInterrupted, unlessInterrupted } from './interruptible.ts';
import type { LabParts, LabVisitors, OpenedBrowser, OpenStage, RunOptions } from './lab-parts.ts';
import { recordMachines } from './machine-records.ts';
import { observeLogs } from './observe-logs.ts';
import { observeProxy } from './observe-proxy.ts';
import type { Recorder } from './recorder.ts';
import type { RunFolder } from './run-folder.ts';
import type { Play } from './run-step.ts';
import { TearDown } from './tear-down.ts';

export interface PlayRequest {
  readonly lab: Lab;
  readonly options: RunOptions;
  readonly parts: LabParts;
  readonly provider: Provider;
  readonly folder: RunFolder;
  readonly recorder: Recorder;
  readonly signal: AbortSignal;
}

export interface OpenedPlay {
  readonly play: Play;
  readonly stage: OpenStage;
  readonly visitors: LabVisitors;
  readonly browser: OpenedBrowser;
}

/** Runs the work with machines, proxy, browser and visitors; all are gone when it returns, however it returns. */
export async function withPlay<T>(
  request: PlayRequest,
  work: (opened: OpenedPlay) => Promise<T>,
): Promise<T> {
  const { parts } = request;
  const [stageDown, browserDown] = [new TearDown(), new TearDown()];
  const opening = beginOpeningBrowser(request, browserDown);
  try {
    const stage = await openStage(request, stageDown);
    const visitors = startVisitors(request, stage);
    stageDown.add('visitors', () => visitors.stop(2_000));
    const observation = observeProxy(stage.proxy, request.recorder, {
      file: probesOfLab(request.lab).some(({ kind }) => kind === 'file'),
    });
    stageDown.add('observation', () => observation.stop());
    const logs = observeLogs(logSources(request.lab), stage, request.recorder);
    stageDown.add('logs', () => logs.stop());
    await unlessInterrupted(observation.begun, request.signal);
    const browser = await unlessInterrupted(opening, request.signal);
    tellBrowser(request, browser);
    return await work({ play: playOf(request, stage, browser), stage, visitors, browser });
  } finally {
    parts.narrator.closing();
    const tell = (problem: Text): void => parts.narrator.note(problem);
    await Promise.all([browserDown.run(tell), stageDown.run(tell)]);
  }
}

/** It takes a moment: the machines come up meanwhile. */
function beginOpeningBrowser(
  { options, parts, signal }: PlayRequest,
  browserDown: TearDown,
): Promise<OpenedBrowser> {
  if (!options.browser) return Promise.resolve({ found: false, reason: '--no-browser' });
  const opening = parts
    .openBrowser(options, signal)
    .catch((error: unknown): OpenedBrowser => ({ found: false, reason: messageOf(error) }));
  browserDown.add('browser', async () => {
    const opened = await opening;
    if (opened.found) await opened.close();
  });
  return opening;
}

async function openStage(request: PlayRequest, stageDown: TearDown): Promise<OpenStage> {
  const { lab, provider, options, parts, folder, recorder, signal } = request;
  const progress = (text: Text): void => parts.narrator.progress(text);
  const wanted = { lab, provider, options, proxyFolder: folder.proxy, progress };
  const stage = await parts.openStage(wanted, signal);
  stageDown.add('machines and proxy', () =>
    options.keep && !signal.aborted ? stage.leave() : stage.close(),
  );
  throwIfInterrupted(signal);
  const statuses = await stage.room.status();
  await recordMachines(stage.room, recorder);
  parts.narrator.stageReady({ url: stage.url, machines: statuses });
  return stage;
}

function startVisitors({ lab, parts, recorder }: PlayRequest, stage: OpenStage): LabVisitors {
  parts.narrator.watch(recorder, Object.keys(lab.visitors));
  return parts.startVisitors({
    url: stage.url,
    visitors: lab.visitors,
    record: request => recorder.append(request),
    now: () => recorder.now(),
  });
}

function tellBrowser({ options, parts }: PlayRequest, browser: OpenedBrowser): void {
  if (browser.found || !options.browser) return;
  parts.narrator.note(
    t(
      `No browser: ${browser.reason} The history is judged alone, and the run cannot pass.`,
      `Pas de navigateur : ${browser.reason} Seul l’historique est jugé, et l’exécution ne peut pas réussir.`,
    ),
  );
}

function playOf(request: PlayRequest, stage: OpenStage, browser: OpenedBrowser): Play {
  const { lab, options, parts, folder, recorder, signal } = request;
  return {
    lab,
    stage,
    recorder,
    folder,
    narrator: parts.narrator,
    language: options.language,
    signal,
    slow: options.slow,
    browser: browser.found ? browser.viewer : { missing: browser.reason },
    forwardedPorts: {
      ...Object.fromEntries(
        [...stage.machines].map(([name, { forwardedPort }]) => [name, forwardedPort]),
      ),
      [SECOND_PROXY]: Number(stage.listeners[SECOND_PROXY]?.split(':')[1]),
    },
  };
}
