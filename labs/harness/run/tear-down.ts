/** What must be undone, in the reverse order of making; nothing is left out because one thing failed. */
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../errors.ts';
import { type Text, t } from '../text.ts';

const LIMIT_MS = 20_000;

export class TearDown {
  readonly #tasks: { readonly name: string; readonly undo: () => Promise<unknown> }[] = [];

  add(name: string, undo: () => Promise<unknown>): void {
    this.#tasks.push({ name, undo });
  }

  /** Each task runs once, however often this is called; a task that hangs is told and left. */
  async run(onProblem: (problem: Text) => void): Promise<void> {
    for (let task = this.#tasks.pop(); task !== undefined; task = this.#tasks.pop()) {
      const { name } = task;
      try {
        await withLimit(task.undo());
      } catch (error) {
        const reason = messageOf(error);
        onProblem(
          t(
            `${name} could not be taken down: ${reason} Run \`lab clean\`.`,
            `Impossible d’arrêter ${name} : ${reason} Lancez \`lab clean\`.`,
          ),
        );
      }
    }
  }
}

async function withLimit(work: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  const limit = delay(LIMIT_MS, undefined, { signal: done.signal, ref: true }).then(() => {
    throw new Error(`not done after ${LIMIT_MS / 1_000} s.`);
  });
  limit.catch(() => {});
  try {
    await Promise.race([work, limit]);
  } finally {
    done.abort();
  }
}
