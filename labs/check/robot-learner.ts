/**
 * A learner who does what the screen says and nothing else: reads it in a real terminal, types what
 * it shows into a second one, and goes on when it is told so.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../harness/errors.ts';
import type { Lab, Step } from '../harness/lab.ts';
import { printedCommands } from './printed-commands.ts';
import {
  openPseudoTerminal,
  type PseudoTerminal,
  type TerminalProgram,
} from './pseudo-terminal.ts';

export interface RobotPlace {
  /** The command line of `lab learn`. */
  readonly learn: readonly string[];
  /** That of `lab shell`. */
  readonly shell: readonly string[];
  readonly cwd: string;
  readonly env: TerminalProgram['env'];
}

/** Wide enough for most commands to stand on one line. */
const SIZE = { columns: 150, rows: 70 } as const;
const OPENS_WITHIN_MS = 60_000;
const STEP_WITHIN_MS = 120_000;
const COMMAND_WITHIN_MS = 60_000;
/** Longer than the screen takes from one picture to the next. */
const STILL_MS = 300;
/** What the screen says in either language. */
const DONE = /^(Done[.:]|C’est fait\.|Fini :)/m;
const TAKEN = /^(\? (You said|Votre réponse)|✔ (You saw it coming|Bien vu))/m;

/** Says where it got stuck; undefined when it came to the end. */
export async function learnAsRobot(lab: Lab, place: RobotPlace): Promise<string | undefined> {
  const { cwd, env } = place;
  const screen = openPseudoTerminal({ argv: place.learn, cwd, env, ...SIZE });
  let typing: Typist | undefined;
  try {
    const [first] = lab.steps;
    await screen.until('the first step', stands(lab, first), OPENS_WITHIN_MS);
    typing = new Typist(openPseudoTerminal({ argv: place.shell, cwd, env, ...SIZE }));
    for (const [index, step] of lab.steps.entries()) {
      const problem = await doStep(lab, step, screen, typing);
      if (problem !== undefined) return `${step.id}: ${problem}`;
      screen.type('n');
      const next = lab.steps[index + 1];
      if (next !== undefined) await screen.until('the next step', stands(lab, next));
    }
    const code = await screen.ended;
    return code === 0 ? undefined : `the session ended with ${code}\n${screen.transcript()}`;
  } catch (error) {
    return messageOf(error);
  } finally {
    await typing?.close();
    await screen.close();
  }
}

/** The second line of the screen says which step it shows. */
function stands(lab: Lab, step: Step): (text: string) => boolean {
  return text => text.includes(`${lab.id}/${step.id} `);
}

async function doStep(
  lab: Lab,
  step: Step,
  screen: PseudoTerminal,
  typing: Typist,
): Promise<string | undefined> {
  if (step.predict !== undefined) {
    screen.type('1');
    await screen.until('the prediction is taken', TAKEN);
  }
  if (step.act.length > 0) {
    for (const command of await commandsToType(screen)) {
      const problem = await typing.run(command);
      if (problem !== undefined) return problem;
    }
  }
  const done = (text: string): boolean => DONE.test(text) && stands(lab, step)(text);
  await screen.until('the step is done', done, STEP_WITHIN_MS);
  return undefined;
}

/** Read twice: the first look may have met a screen that is being drawn. */
async function commandsToType(screen: PseudoTerminal): Promise<readonly string[]> {
  let before: readonly string[] = [];
  const isStill = (text: string): boolean => printedCommands(text).join('\n') === before.join('\n');
  for (;;) {
    const text = await screen.until('commands to type', each => printedCommands(each).length > 0);
    if (isStill(text)) return before;
    before = printedCommands(text);
    await delay(STILL_MS);
  }
}

/** Types lines into the lab's shell and waits for the end of each, as somebody does who reads. */
class Typist {
  readonly #terminal: PseudoTerminal;
  #number = 0;

  constructor(terminal: PseudoTerminal) {
    this.#terminal = terminal;
  }

  /** What was wrong with it; undefined when it ended with 0. */
  async run(command: string): Promise<string | undefined> {
    this.#number += 1;
    const answer = new RegExp(`robot-${this.#number} (\\d+)`);
    this.#terminal.type(`${command}\r`);
    // Split, so that the line as it was typed does not look like its own answer.
    this.#terminal.type(`echo robot-"${this.#number}" $?\r`);
    const text = await this.#terminal.until(command, answer, COMMAND_WITHIN_MS);
    const code = answer.exec(text)?.[1];
    return code === '0' ? undefined : `\`${command}\` ended with ${code}\n${text}`;
  }

  async close(): Promise<void> {
    this.#terminal.type('exit\r');
    await this.#terminal.close();
  }
}
