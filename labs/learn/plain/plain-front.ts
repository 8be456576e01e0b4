/** Tells a session in sentences, and reads words on lines of their own. */
import { createInterface, type Interface } from 'node:readline';
import { type Language, type Text, t } from '../../harness/text.ts';
import type { LearnRequest, LearnView } from '../learn-view.ts';
import type { LearnerFront } from '../learner-front.ts';
import { beginReading, endReading, type LearnerTerminal } from '../learner-terminal.ts';
import { openInBrowser } from '../open-in-browser.ts';
import { clean, wrapped } from '../screen/cells.ts';
import type { ScreenFacts } from '../screen/live-screen.ts';
import { readWords } from './read-words.ts';
import { tellChanges } from './tell-changes.ts';

/** What changes and changes back within this time is not told. */
const CALM_MS = 250;
const USUAL_COLUMNS = 80;

export class PlainFront implements LearnerFront {
  readonly #terminal: LearnerTerminal;
  readonly #facts: Omit<ScreenFacts, 'colour'>;
  readonly #asked: (request: LearnRequest) => void;
  readonly #lines: Interface;
  #view: LearnView | undefined;
  #told: LearnView | undefined;
  #next: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(
    terminal: LearnerTerminal,
    facts: Omit<ScreenFacts, 'colour'>,
    asked: (request: LearnRequest) => void,
  ) {
    this.#terminal = terminal;
    this.#facts = facts;
    this.#asked = asked;
    beginReading(terminal);
    this.#lines = createInterface({ input: terminal.input, terminal: false });
    this.#lines.on('line', line => this.#read(line));
    this.#lines.on('close', () => {
      if (!this.#isClosed) asked({ kind: 'quit' });
    });
  }

  show(view: LearnView): void {
    if (this.#isClosed) return;
    this.#view = view;
    this.#next ??= setTimeout(() => this.#tell(), CALM_MS);
  }

  progress(text: Text): void {
    this.#print([text[this.#language]]);
  }

  close(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#next);
    this.#tell();
    this.#isClosed = true;
    this.#lines.close();
    endReading(this.#terminal);
  }

  get #language(): Language {
    return this.#view?.language ?? this.#facts.language;
  }

  #tell(): void {
    this.#next = undefined;
    const view = this.#view;
    if (view === undefined || view === this.#told) return;
    this.#print(tellChanges(this.#told, view));
    this.#told = view;
  }

  #read(line: string): void {
    const view = this.#view;
    if (line.trim() === '') return;
    if (view === undefined) {
      if (/^(q|quit|quitter|exit)$/i.test(line.trim())) this.#asked({ kind: 'quit' });
      return;
    }
    const asked = readWords(line, view);
    if (asked?.kind === 'open') this.#open(view);
    else if (asked !== undefined) this.#asked(asked);
    else this.#print([this.#unknown(line)]);
  }

  #unknown(line: string): string {
    const word = clean(line.trim()).slice(0, 40);
    const text = t(
      `“${word}” means nothing here. For all words, type: keys`,
      `« ${word} » ne veut rien dire ici. Pour tous les mots, tapez : touches`,
    );
    return text[this.#language];
  }

  #open({ url }: LearnView): void {
    void openInBrowser(url, this.#facts.env).then(complaint => {
      this.#print([complaint?.[this.#language] ?? url]);
    });
  }

  #print(lines: readonly string[]): void {
    const columns = this.#terminal.output.columns ?? USUAL_COLUMNS;
    for (const line of lines) {
      const indent = /^ */.exec(line)?.[0] ?? '';
      // A command is one line, so that it can be copied; the terminal breaks it where it must.
      const parts = indent === '' ? wrapped(line, columns) : [line];
      for (const part of parts) this.#terminal.output.write(`${part}\n`);
    }
  }
}
