/** Gathers what metrics are made of, the way any client would ask for it. */
import type { MetricsContent } from '../../command/metrics-snapshots.ts';
import type { StatusContent } from '../../command/replies.ts';
import { ProxyError } from '../../shared/errors.ts';
import { type MainFigures, type MetricsView, viewBackends } from '../../telemetry/metrics-view.ts';
import type { CommandHandler } from '../command-socket/command-session.ts';
import { askHandler } from './ask-handler.ts';
import type { Origin } from './origin.ts';

export class MetricsSource {
  readonly #handle: CommandHandler;
  readonly #figures: () => MainFigures;
  #running: Promise<MetricsView> | undefined;

  constructor(handle: CommandHandler, figures: () => MainFigures) {
    this.#handle = handle;
    this.#figures = figures;
  }

  /** Whoever asks while an answer is being made gets that one. Rejects when nobody answers. */
  view(origin: Origin): Promise<MetricsView> {
    this.#running ??= this.#gather(origin).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #gather(origin: Origin): Promise<MetricsView> {
    const [metrics, status] = await Promise.all([
      askHandler(this.#handle, { kind: 'show-metrics' }, { origin }),
      askHandler(this.#handle, { kind: 'status' }, { origin }),
    ]);
    for (const told of [metrics, status]) {
      if (told.status !== 'ok') throw new ProxyError('PROXY_WORKER_FAILED', told.message);
    }
    // The handler's replies to these two kinds are what ReplyContents says.
    const { workers } = status.content as StatusContent;
    const backends = viewBackends(workers);
    return { main: this.#figures(), metrics: metrics.content as MetricsContent, workers, backends };
  }
}
