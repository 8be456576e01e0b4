/** The screen that is drawn in place: the latest view, at a bounded rate, and the keys. */
import { HERE, type Platform } from '../../../vms/platform.ts';
import { type Language, type Text, t } from '../../harness/text.ts';
import type { LearnRequest, LearnView } from '../learn-view.ts';
import type { LearnerFront } from '../learner-front.ts';
import { beginReading, endReading, type LearnerTerminal } from '../learner-terminal.ts';
import { openInBrowser } from '../open-in-browser.ts';
import { askedByKey, chosenStep } from './asked-by-key.ts';
import { clean, wrapped } from './cells.ts';
import { changedLines } from './changed-lines.ts';
import { drawScreen, isTooSmall } from './draw-screen.ts';
import { KeyReader, type PressedKey } from './read-keys.ts';
import { TerminalMode } from './terminal-mode.ts';

/** A signal that a process of Windows sends, to itself too, ends it before anything is taken down. */
export function interruptOurselves(
  platform: Platform,
  told: Pick<NodeJS.Process, 'pid' | 'kill' | 'emit'> = process,
): void {
  if (platform === 'win32') told.emit('SIGINT', 'SIGINT');
  else told.kill(told.pid, 'SIGINT');
}

/** Ten pictures a second are motion enough, and no load over a slow line. */
const FRAME_MS = 100;

export interface ScreenFacts {
  readonly language: Language;
  readonly colour: boolean;
  /** Variables by which it is known whether there is a display to open a browser on. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export class LiveScreen implements LearnerFront {
  readonly #terminal: LearnerTerminal;
  readonly #facts: ScreenFacts;
  readonly #asked: (request: LearnRequest) => void;
  readonly #mode: TerminalMode;
  readonly #keys = new KeyReader();
  #view: LearnView | undefined;
  /** What was told before there was a view. */
  #progress: readonly string[] = [];
  #drawn: readonly string[] = [];
  #next: NodeJS.Timeout | undefined;
  #choosesStep = false;
  #told: Text | undefined;

  constructor(
    terminal: LearnerTerminal,
    facts: ScreenFacts,
    asked: (request: LearnRequest) => void,
  ) {
    this.#terminal = terminal;
    this.#facts = facts;
    this.#asked = asked;
    this.#mode = new TerminalMode(terminal, () => {
      this.#drawn = [];
      this.#draw();
    });
    terminal.input.on('data', this.#read).on('end', this.#end);
    beginReading(terminal);
    this.#mode.take();
  }

  show(view: LearnView): void {
    this.#view = view;
    this.#soon();
  }

  progress(text: Text): void {
    this.#progress = [...this.#progress, text[this.#facts.language]];
    this.#soon();
  }

  close(): void {
    clearTimeout(this.#next);
    this.#terminal.input.off('data', this.#read).off('end', this.#end);
    endReading(this.#terminal);
    this.#mode.close();
  }

  readonly #end = (): void => this.#asked({ kind: 'quit' });

  readonly #read = (text: string): void => {
    for (const key of this.#keys.read(text)) this.#press(key);
  };

  #press(key: PressedKey): void {
    if (key === 'interrupt') this.#interrupt();
    else if (key === 'suspend') this.#mode.suspend();
    else if (key === 'redraw') this.#mode.blank();
    else if (this.#view !== undefined) this.#ask(key, this.#view);
    else if (typeof key !== 'string' && key.letter === 'q') this.#asked({ kind: 'quit' });
  }

  /** In raw mode Ctrl-C is a key like another; the program is told as it always is. */
  #interrupt(): void {
    this.close();
    interruptOurselves(HERE);
  }

  #ask(key: PressedKey, view: LearnView): void {
    this.#told = undefined;
    if (this.#choosesStep) {
      this.#choosesStep = false;
      const request = chosenStep(key, view);
      if (request !== undefined) this.#asked(request);
      this.#soon();
      return;
    }
    const asked = askedByKey(key, view);
    if (asked?.kind === 'open') this.#open(view);
    else if (asked?.kind === 'choose-step') this.#choosesStep = true;
    else if (asked !== undefined) this.#asked(asked);
    this.#soon();
  }

  #open({ url }: LearnView): void {
    this.#told = t(`Opening ${url} in your browser`, `Ouverture de ${url} dans votre navigateur`);
    void openInBrowser(url, this.#facts.env).then(complaint => {
      if (complaint === undefined) return;
      this.#told = complaint;
      this.#soon();
    });
  }

  #soon(): void {
    this.#next ??= setTimeout(() => this.#draw(), FRAME_MS);
  }

  #draw(): void {
    clearTimeout(this.#next);
    this.#next = undefined;
    if (!this.#mode.isTaken) return;
    const { columns, rows } = this.#terminal.output;
    const lines = this.#lines(columns, rows);
    const change = changedLines(this.#drawn, lines, columns);
    this.#drawn = lines;
    if (change !== '') this.#terminal.output.write(change);
  }

  #lines(columns: number, rows: number): readonly string[] {
    const { language, colour } = this.#facts;
    const view = this.#view;
    if (view !== undefined && isTooSmall({ columns, rows })) {
      const small = t(
        'This window is too small for the screen of the lab. Make it larger, or leave with q and begin again with --plain.',
        'Cette fenêtre est trop petite pour l’écran du lab. Agrandissez-la, ou partez avec q et recommencez avec --plain.',
      );
      return wrapped(small[view.language], columns).slice(0, rows);
    }
    if (view === undefined) {
      const told = this.#progress.flatMap(line => wrapped(`… ${clean(line)}`, columns));
      const hint = t('Ctrl-C: leave', 'Ctrl-C : quitter')[language];
      return [...told.slice(-(rows - 2)), '', hint].slice(-rows);
    }
    return drawScreen(this.#own(view), { columns, rows, colour }, this.#choosesStep);
  }

  /** The view with what the screen itself has to say. */
  #own(view: LearnView): LearnView {
    return this.#told === undefined ? view : { ...view, notices: [...view.notices, this.#told] };
  }
}
