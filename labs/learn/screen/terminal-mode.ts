/**
 * Takes the terminal over and gives it back, whatever ends the program: its own end, a signal, an
 * error nobody caught. Ctrl-Z gives it back for as long as the program is stopped.
 */
import { HERE } from '../../../vms/platform.ts';
import type { LearnerTerminal } from '../learner-terminal.ts';

/** The other screen, no cursor, pastes marked as such, and everything blank. */
const TAKE = '\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[2J';
const GIVE_BACK = '\x1b[?2004l\x1b[?25h\x1b[?1049l';

export class TerminalMode {
  readonly #terminal: LearnerTerminal;
  readonly #redraw: () => void;
  #isTaken = false;
  #isOver = false;

  /** `redraw` is called whenever the screen is blank. */
  constructor(terminal: LearnerTerminal, redraw: () => void) {
    this.#terminal = terminal;
    this.#redraw = redraw;
    process.on('exit', this.#giveBack);
    process.on('uncaughtExceptionMonitor', this.#giveBack);
    process.on('SIGCONT', this.#takeAgain);
    terminal.output.on('resize', this.#blank);
  }

  take(): void {
    if (this.#isTaken || this.#isOver) return;
    this.#isTaken = true;
    this.#terminal.input.setRawMode(true);
    this.#terminal.output.write(TAKE);
    this.#redraw();
  }

  get isTaken(): boolean {
    return this.#isTaken;
  }

  /** Clears what somebody else has drawn over, and draws again. */
  blank(): void {
    this.#blank();
  }

  /** As Ctrl-Z does it: the whole group stops, npm included, and the shell comes back. Windows has no such thing. */
  suspend(): void {
    if (HERE === 'win32') return;
    this.#giveBack();
    process.kill(0, 'SIGTSTP');
    // Where nobody could be stopped, this comes at once.
    setImmediate(() => this.take());
  }

  close(): void {
    this.#giveBack();
    this.#isOver = true;
    process.off('exit', this.#giveBack);
    process.off('uncaughtExceptionMonitor', this.#giveBack);
    process.off('SIGCONT', this.#takeAgain);
    this.#terminal.output.off('resize', this.#blank);
  }

  readonly #giveBack = (): void => {
    if (!this.#isTaken) return;
    this.#isTaken = false;
    this.#terminal.output.write(GIVE_BACK);
    this.#terminal.input.setRawMode(false);
  };

  /** The shell has had the terminal meanwhile, and has set its modes. */
  readonly #takeAgain = (): void => {
    this.#giveBack();
    this.take();
  };

  readonly #blank = (): void => {
    if (!this.#isTaken) return;
    this.#terminal.output.write('\x1b[2J');
    this.#redraw();
  };
}
