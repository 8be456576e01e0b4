/**
 * A terminal as a whole screen, with single keys. Whatever ends the program, the terminal is as it
 * was before: the screen that was there, the cursor, echo and lines.
 */
import { writeSync } from 'node:fs';
import { endingSignals, HERE } from '../../shared/platform.ts';

/** Of xterm and all that follow it: other screen, no cursor; and back. */
const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

const CTRL_C = '\u0003';
const ENDING = [...endingSignals(HERE), 'SIGHUP'] as const;

type Output = NodeJS.WriteStream & { readonly fd: number };

export interface LiveHooks {
  readonly onKey: (key: string) => void;
  readonly onResize: () => void;
  /** Ctrl-C, or a signal that ends the program. */
  readonly onEnd: () => void;
}

export class LiveTerminal {
  readonly #input: NodeJS.ReadStream;
  readonly #output: Output;
  readonly #hooks: LiveHooks;
  #isOpen = false;

  constructor(input: NodeJS.ReadStream, output: Output, hooks: LiveHooks) {
    this.#input = input;
    this.#output = output;
    this.#hooks = hooks;
  }

  get columns(): number {
    return this.#output.columns || 80;
  }

  get rows(): number {
    return this.#output.rows || 24;
  }

  open(): void {
    this.#isOpen = true;
    // A crash ends in `exit` as well, and nothing asynchronous happens behind it.
    process.on('exit', this.#restore);
    for (const signal of ENDING) process.on(signal, this.#hooks.onEnd);
    this.#output.on('resize', this.#hooks.onResize);
    this.#input.setRawMode(true);
    this.#input.setEncoding('utf8').on('data', this.#read).resume();
    this.#output.write(ENTER);
  }

  /** Overwrites line by line: clearing first would flicker. */
  draw(lines: readonly string[]): void {
    if (!this.#isOpen) return;
    this.#output.write(
      `${HOME}${lines.map(line => `${line}${CLEAR_LINE}`).join('\r\n')}${CLEAR_BELOW}`,
    );
  }

  close(): void {
    this.#restore();
    process.off('exit', this.#restore);
    for (const signal of ENDING) process.off(signal, this.#hooks.onEnd);
    this.#output.off('resize', this.#hooks.onResize);
    this.#input.off('data', this.#read).pause();
  }

  readonly #read = (keys: string | Buffer): void => {
    for (const key of String(keys)) {
      if (key === CTRL_C) this.#hooks.onEnd();
      else this.#hooks.onKey(key);
    }
  };

  readonly #restore = (): void => {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      this.#input.setRawMode(false);
      writeSync(this.#output.fd, LEAVE);
    } catch {
      // The terminal is gone: there is nothing left to restore.
    }
  };
}
