/** When a visitor presses the button of the page: after the same share of pages in every run. */
import type { Visitor } from '../harness/lab.ts';
import type { Ending } from './ask-once.ts';

export class Button {
  readonly #shares: ReadonlyMap<string, number>;
  /** Per version; pressed whenever it reaches 1. */
  readonly #wish = new Map<string, number>();

  constructor(shares: Visitor['engages'] = {}) {
    this.#shares = new Map(Object.entries(shares));
  }

  /** An error page has no button. */
  isPressedAfter({ status, version = '' }: Ending): boolean {
    const share = this.#shares.get(version);
    if (status !== 200 || share === undefined) return false;
    const wish = (this.#wish.get(version) ?? 0) + share;
    // What rounding leaves below 1 is a whole one.
    const isPressed = wish > 1 - 1e-9;
    this.#wish.set(version, isPressed ? wish - 1 : wish);
    return isPressed;
  }
}
