/**
 * Bytes of a terminal in raw mode become keys. Sequences that are no key here, and everything that
 * is pasted, are passed over; nothing that comes can make it keep more than a few bytes. Pure.
 */
export type NamedKey = 'escape' | 'enter' | 'up' | 'down' | 'interrupt' | 'suspend' | 'redraw';

/** A named key, or what was typed: one letter, one digit. */
export type PressedKey = NamedKey | { readonly letter: string };

/** Somebody who types does not get this many letters into one read; a paste does. */
const MOST_TYPED = 8;
const MOST_PENDING = 64;
const ESCAPE = '\x1b';
const PASTE_BEGIN = '[200~';
const PASTE_END = '\x1b[201~';

const named: ReadonlyMap<string, NamedKey> = new Map([
  ['\r', 'enter'],
  ['\n', 'enter'],
  ['\x03', 'interrupt'],
  ['\x04', 'interrupt'],
  ['\x1a', 'suspend'],
  ['\x0c', 'redraw'],
]);
const sequences: ReadonlyMap<string, NamedKey> = new Map([
  ['[A', 'up'],
  ['[B', 'down'],
  ['OA', 'up'],
  ['OB', 'down'],
]);

export class KeyReader {
  /** A sequence that has begun. */
  #pending = '';
  /** The end of what was pasted so far; undefined when nothing is being pasted. */
  #pasted: string | undefined;

  read(text: string): readonly PressedKey[] {
    const keys: PressedKey[] = [];
    for (const sign of text) {
      if (this.#pasted !== undefined) this.#skipPaste(sign);
      else if (this.#pending !== '') this.#continueSequence(sign, keys);
      else if (sign === ESCAPE) this.#pending = ESCAPE;
      else keys.push(named.get(sign) ?? { letter: sign });
    }
    // The Escape key sends a sequence that never goes on.
    if (this.#pending === ESCAPE) {
      this.#pending = '';
      keys.push('escape');
    }
    const letters = keys.filter(key => typeof key !== 'string');
    return letters.length > MOST_TYPED ? [] : keys;
  }

  #continueSequence(sign: string, keys: PressedKey[]): void {
    this.#pending += sign;
    const sequence = this.#pending.slice(1);
    const isOpen = sequence === '[' || sequence === 'O' || /^\[[0-9;:<=>?]*[ -/]*$/.test(sequence);
    if (isOpen && this.#pending.length < MOST_PENDING) return;
    this.#pending = '';
    const key = sequences.get(sequence);
    if (key !== undefined) keys.push(key);
    if (sequence === PASTE_BEGIN) this.#pasted = '';
  }

  #skipPaste(sign: string): void {
    const seen = `${this.#pasted}${sign}`.slice(-PASTE_END.length);
    this.#pasted = seen === PASTE_END ? undefined : seen;
  }
}
