/** Asks which lab to learn: on a screen, or by words on lines. */
import { createInterface } from 'node:readline';
import type { Language } from '../../harness/text.ts';
import { beginReading, endReading, type LearnerTerminal } from '../learner-terminal.ts';
import { whyPlain } from '../open-front.ts';
import { changedLines } from '../screen/changed-lines.ts';
import type { ScreenFacts } from '../screen/live-screen.ts';
import { KeyReader } from '../screen/read-keys.ts';
import { TerminalMode } from '../screen/terminal-mode.ts';
import { type Choosing, chooseByKey, chooseByWords } from './choose.ts';
import { drawWelcome, type Welcome } from './draw-welcome.ts';
import { tellWelcome } from './tell-welcome.ts';

export interface WelcomeFacts extends Omit<ScreenFacts, 'language'> {
  readonly plain: boolean;
  readonly signal: AbortSignal;
}

export interface Chosen {
  /** Undefined: left without one. */
  readonly lab: string | undefined;
  readonly language: Language;
}

export async function openWelcome(
  terminal: LearnerTerminal,
  facts: WelcomeFacts,
  welcome: Welcome,
): Promise<Chosen> {
  const isPlain = whyPlain(terminal, facts) !== undefined;
  const ended = await (isPlain ? askInWords : askOnScreen)(terminal, facts, welcome);
  const lab = ended.kind === 'begin' ? ended.lab : undefined;
  return { lab, language: ended.welcome.language };
}

function askOnScreen(
  terminal: LearnerTerminal,
  { colour, signal }: WelcomeFacts,
  first: Welcome,
): Promise<Choosing> {
  return new Promise(resolve => {
    const keys = new KeyReader();
    let welcome = first;
    let drawn: readonly string[] = [];
    const draw = (): void => {
      const { columns, rows } = terminal.output;
      const lines = drawWelcome(welcome, { columns, rows, colour });
      terminal.output.write(changedLines(drawn, lines, columns));
      drawn = lines;
    };
    const mode = new TerminalMode(terminal, () => {
      drawn = [];
      draw();
    });
    const end = (ending: Choosing): void => {
      terminal.input.off('data', read).off('end', quit);
      signal.removeEventListener('abort', quit);
      endReading(terminal);
      mode.close();
      resolve(ending);
    };
    const quit = (): void => end({ kind: 'quit', welcome });
    const read = (text: string): void => {
      let next: Choosing = { kind: 'go-on', welcome };
      for (const key of keys.read(text)) {
        if (next.kind !== 'go-on') break;
        if (key === 'suspend') mode.suspend();
        next = chooseByKey(key, welcome);
        welcome = next.welcome;
      }
      if (next.kind === 'go-on') draw();
      else end(next);
    };
    terminal.input.on('data', read).on('end', quit);
    signal.addEventListener('abort', quit);
    beginReading(terminal);
    mode.take();
  });
}

function askInWords(
  terminal: LearnerTerminal,
  { signal }: WelcomeFacts,
  first: Welcome,
): Promise<Choosing> {
  return new Promise(resolve => {
    let welcome = first;
    const tell = (): void => {
      terminal.output.write(`${tellWelcome(welcome).join('\n')}\n`);
    };
    beginReading(terminal);
    const lines = createInterface({ input: terminal.input, terminal: false, signal });
    let ending: Choosing | undefined;
    lines.on('line', line => {
      const next = chooseByWords(line, welcome);
      if (next !== undefined && next.kind !== 'go-on') {
        ending ??= next;
        lines.close();
        return;
      }
      welcome = next?.welcome ?? welcome;
      tell();
    });
    lines.on('close', () => {
      endReading(terminal);
      resolve(ending ?? { kind: 'quit', welcome });
    });
    tell();
  });
}
