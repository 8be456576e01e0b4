/**
 * Every state of the world that was observed since a step began, so that the last change can be
 * taken back: machines by the provider's verbs, the proxy by what it had saved then.
 */
import path from 'node:path';
import type { OpenStage } from '../harness/run/lab-parts.ts';
import { restoreMachines } from '../harness/run/restore-step.ts';
import type { Text } from '../harness/text.ts';
import type { MachineGoal } from '../harness/world.ts';
import { changesBetween, type ObservedWorld } from './observed-world.ts';

interface Snapshot {
  readonly world: ObservedWorld;
  /** What the proxy was told; undefined when it did not answer. */
  readonly stateFile: string | undefined;
}

export class UndoStack {
  readonly #stage: OpenStage;
  readonly #folder: string;
  readonly #snapshots: Snapshot[] = [];
  #files = 0;

  /** `folder`: where the states of the proxy are kept; it is there. */
  constructor(stage: OpenStage, folder: string) {
    this.#stage = stage;
    this.#folder = folder;
  }

  /** Nothing before this is taken back. */
  async begin(world: ObservedWorld): Promise<void> {
    this.#snapshots.length = 0;
    await this.keep(world);
  }

  /** Does nothing when the world is as it was kept last. */
  async keep(world: ObservedWorld): Promise<void> {
    const last = this.#snapshots.at(-1);
    if (last !== undefined && changesBetween(last.world, world).length === 0) return;
    this.#snapshots.push({ world, stateFile: await this.#saveState() });
  }

  /**
   * Resolves with what was taken back; with nothing when there is nothing. Rejects when the proxy
   * is another one than then: no state brings a process back.
   */
  async undo(now: ObservedWorld, signal: AbortSignal): Promise<readonly Text[]> {
    const last = this.#snapshots.at(-1);
    if (last === undefined) return [];
    const isKept = changesBetween(last.world, now).length === 0;
    const target = isKept ? this.#snapshots.at(-2) : last;
    if (target === undefined) return [];
    if (target.world.proxy?.mainPid !== now.proxy?.mainPid || target.stateFile === undefined) {
      throw new Error('another proxy');
    }
    if (isKept) this.#snapshots.pop();
    await Promise.all([
      this.#stage.proxy.loadState(target.stateFile),
      this.#restoreMachines(target.world, now, signal),
    ]);
    return changesBetween(target.world, now);
  }

  async #restoreMachines(
    target: ObservedWorld,
    now: ObservedWorld,
    signal: AbortSignal,
  ): Promise<void> {
    const goals = new Map<string, MachineGoal>(target.machines);
    for (const [name, goal] of now.machines) {
      if (!goals.has(name)) goals.set(name, { ...goal, state: 'not-created', failures: [] });
    }
    await restoreMachines(goals, this.#stage, signal);
  }

  async #saveState(): Promise<string | undefined> {
    this.#files += 1;
    const file = path.join(this.#folder, `before-${this.#files}.state`);
    try {
      await this.#stage.proxy.saveState(file);
      return file;
    } catch {
      return undefined;
    }
  }
}
