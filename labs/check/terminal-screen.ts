/** What somebody in front of a terminal sees: the bytes of a program become lines on a screen. */
import headless from '@xterm/headless';

/** Lines that have gone out at the top are kept for whoever wants to read them. */
const SCROLLBACK_LINES = 5_000;

/** DECTCEM. */
const SHOW_CURSOR = 25;

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export class TerminalScreen {
  readonly #terminal: headless.Terminal;
  #cursorShown = true;

  /** `answer` gets what a terminal says by itself, such as where its cursor is. */
  constructor({ columns, rows }: TerminalSize, answer: (text: string) => void) {
    this.#terminal = new headless.Terminal({
      cols: columns,
      rows,
      scrollback: SCROLLBACK_LINES,
      allowProposedApi: true,
    });
    this.#terminal.onData(answer);
    this.#watchCursor('h', true);
    this.#watchCursor('l', false);
  }

  /** Resolves when the bytes are on the screen. */
  write(bytes: Uint8Array): Promise<void> {
    return new Promise(resolve => this.#terminal.write(bytes, resolve));
  }

  resize({ columns, rows }: TerminalSize): void {
    this.#terminal.resize(columns, rows);
  }

  /** As many lines as the screen has, without the spaces at their ends. */
  lines(): readonly string[] {
    const { baseY } = this.#terminal.buffer.active;
    return this.#read(baseY, baseY + this.#terminal.rows);
  }

  /** All that was printed and not drawn over, a line that was wrapped being one line. */
  transcript(): string {
    const { active } = this.#terminal.buffer;
    const text = this.#read(0, active.length)
      .map((line, index) => (active.getLine(index)?.isWrapped ? line : `\n${line}`))
      .join('');
    return `${text.slice(1).trimEnd()}\n`;
  }

  /** The screen that programs such as editors use, which leaves the lines before it alone. */
  get isAlternate(): boolean {
    return this.#terminal.buffer.active.type === 'alternate';
  }

  get isCursorShown(): boolean {
    return this.#cursorShown;
  }

  dispose(): void {
    this.#terminal.dispose();
  }

  #watchCursor(final: 'h' | 'l', shown: boolean): void {
    this.#terminal.parser.registerCsiHandler({ prefix: '?', final }, parameters => {
      if (parameters.includes(SHOW_CURSOR)) this.#cursorShown = shown;
      return false;
    });
  }

  #read(from: number, to: number): readonly string[] {
    const { active } = this.#terminal.buffer;
    return Array.from({ length: to - from }, (_, index) => {
      const line = active.getLine(from + index);
      const wrapsOn = active.getLine(from + index + 1)?.isWrapped === true;
      const text = line?.translateToString() ?? '';
      return wrapsOn ? text : text.trimEnd();
    });
  }
}
