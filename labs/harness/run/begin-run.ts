/** What every run has before anything is started: a provider, an instance, a folder, a history. */
import type { Provider } from '../../../vms/provider.ts';
import type { Lab } from '../lab.ts';
import { type Text, t } from '../text.ts';
import { throwIfInterrupted } from './interruptible.ts';
import type { LabParts, RunOptions } from './lab-parts.ts';
import type { PlayRequest } from './open-play.ts';
import { Recorder } from './recorder.ts';
import { makeRunFolder } from './run-folder.ts';
import { TearDown } from './tear-down.ts';

export interface BegunRun extends PlayRequest {
  readonly startedAt: Date;
}

/** The instance is released and the history closed when it returns, however it returns. */
export async function withRun<T>(
  lab: Lab,
  options: RunOptions,
  parts: LabParts,
  signal: AbortSignal,
  work: (run: BegunRun) => Promise<T>,
): Promise<T> {
  const startedAt = new Date();
  const begun = performance.now();
  const provider = await parts.chooseProvider(options.machines, options);
  const { instance, seed } = options;
  parts.narrator.opening(lab, { provider: provider.name, instance, seed });
  throwIfInterrupted(signal);
  const down = new TearDown();
  const claim = await parts.claim(options, `lab ${lab.id}`);
  down.add('instance', () => claim.release());
  if (claim.swept.length > 0) parts.narrator.note(sweptNote(claim.swept));
  try {
    const folder = await makeRunFolder(options.home, named(lab, provider, seed), startedAt);
    const recorder = new Recorder(() => performance.now() - begun, folder.history);
    down.add('history', () => recorder.close());
    return await work({ lab, options, parts, provider, folder, recorder, signal, startedAt });
  } finally {
    await down.run(problem => parts.narrator.note(problem));
  }
}

function named(lab: Lab, provider: Provider, seed: number): Parameters<typeof makeRunFolder>[1] {
  return { lab: lab.id, provider: provider.name, seed };
}

function sweptNote(swept: readonly string[]): Text {
  const what = swept.join(', ');
  return t(
    `A run before this one ended without cleaning up. Removed: ${what}.`,
    `Une exécution précédente s’est arrêtée sans ranger. Supprimé : ${what}.`,
  );
}
