/**
 * A browser that is opened when a step first wants one: nobody waits for it at the beginning.
 * Where there is none, pages are read without, and the learner is told.
 */
import { messageOf } from '../harness/errors.ts';
import type { LabParts, OpenedBrowser, RunOptions } from '../harness/run/lab-parts.ts';
import type { Viewer } from '../harness/run/look.ts';
import { type Text, t } from '../harness/text.ts';
import { plainViewer } from './plain-viewer.ts';

export class LateBrowser {
  readonly viewer: Viewer;
  readonly #open: () => Promise<OpenedBrowser>;
  readonly #options: RunOptions;
  #opening: Promise<OpenedBrowser> | undefined;
  #opened: OpenedBrowser | undefined;

  constructor(parts: LabParts, options: RunOptions, signal: AbortSignal) {
    this.#open = () => parts.openBrowser(options, signal);
    this.#options = options;
    const plain = plainViewer(options.language);
    this.viewer = {
      visit: async (visitor, url, more) => {
        const opened = await this.#browser();
        const viewer = opened.found ? opened.viewer : plain;
        return viewer.visit(visitor, url, more);
      },
    };
  }

  /** Undefined: it was not needed yet, or is being opened. */
  get opened(): OpenedBrowser | undefined {
    return this.#opened;
  }

  /** Undefined as long as there is nothing to say. */
  get note(): Text | undefined {
    const opened = this.#opened;
    if (opened === undefined || opened.found) return undefined;
    return t(
      `No browser: ${opened.reason} Pages are read without one, and there are no screenshots.`,
      `Pas de navigateur : ${opened.reason} Les pages sont lues sans lui, et il n’y a pas de captures.`,
    );
  }

  async close(): Promise<void> {
    const opened = await this.#opening;
    if (opened?.found) await opened.close();
  }

  #browser(): Promise<OpenedBrowser> {
    this.#opening ??= this.#start();
    return this.#opening;
  }

  async #start(): Promise<OpenedBrowser> {
    this.#opened = this.#options.browser
      ? await this.#open().catch((error: unknown) => missing(messageOf(error)))
      : missing('--no-browser.');
    return this.#opened;
  }
}

function missing(reason: string): OpenedBrowser {
  return { found: false, reason };
}
