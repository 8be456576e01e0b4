/** Tells a run on the terminal, in English or French. */
import path from 'node:path';
import { Chalk, type ChalkInstance } from 'chalk';
import { duration } from '../figures.ts';
import type { ConnectRecord } from '../history.ts';
import type { Lab, Step } from '../lab.ts';
import type { CheckResult, RunResult } from '../result.ts';
import type { Recorder } from '../run/recorder.ts';
import { type Language, type Text, t } from '../text.ts';
import { VERDICT_MARKS, type Verdict } from '../verdict.ts';
import { table, wrap } from './layout.ts';
import { MotionCounter, motionText } from './motion.ts';
import type { Narrator, OpeningFacts, StageFacts } from './narration.ts';

export interface Terminal {
  write(text: string): void;
  /** Can a line be drawn again in its place? */
  readonly live: boolean;
  readonly colour: boolean;
  readonly columns: number;
}

const LIVE_MS = 150;
/** Without a live line, a sign of life this often. */
const PLAIN_MS = 2_000;

/** A check that was true at once has no time worth telling. */
const WORTH_TELLING_MS = 50;

const outcomes: Readonly<Record<ConnectRecord['outcome'], Text>> = {
  connected: t('connected', 'connecté'),
  refused: t('refused', 'refusé'),
  unreachable: t('unreachable', 'injoignable'),
  silent: t('silent: gave up waiting', 'silence : attente abandonnée'),
};

/** In a lab that kills every machine, failures that pass are part of the lesson. */
function countedRequests({ failed, total }: RunResult['requests'], verdict: Verdict): Text {
  if (failed > 0 && verdict.kind === 'pass') {
    return t(
      `${failed} of ${total} requests failed, as this lab intends`,
      `${failed} requêtes sur ${total} ont échoué, comme ce lab le veut`,
    );
  }
  return t(
    `${failed} failed requests of ${total}`,
    `${failed} requête${failed > 1 ? 's' : ''} en échec sur ${total}`,
  );
}

export function createNarrator(terminal: Terminal, language: Language): Narrator {
  return new ConsoleNarrator(terminal, language);
}

class ConsoleNarrator implements Narrator {
  readonly #terminal: Terminal;
  readonly #language: Language;
  readonly #ink: ChalkInstance;
  #motion: NodeJS.Timeout | undefined;
  #lineShown = false;
  #lastMotion = '';
  #begun = performance.now();

  constructor(terminal: Terminal, language: Language) {
    this.#terminal = terminal;
    this.#language = language;
    this.#ink = new Chalk(terminal.colour ? {} : { level: 0 });
  }

  opening(lab: Lab, { provider, instance, seed }: OpeningFacts): void {
    this.#begun = performance.now();
    const beside = instance === 0 ? '' : ` · instance ${instance}`;
    this.#print(this.#ink.bold(`${lab.title[this.#language]}`), '');
    this.#prose(lab.summary[this.#language]);
    this.#print(this.#ink.dim(`  machines: ${provider} · seed ${seed}${beside}`));
  }

  progress(text: Text): void {
    this.#print(this.#ink.dim(`  … ${text[this.#language]}`));
  }

  note(text: Text): void {
    this.#print(this.#ink.yellow(`  ! ${text[this.#language]}`));
  }

  stageReady({ url, machines }: StageFacts): void {
    const took = this.#say(duration(performance.now() - this.#begun));
    const ready = this.#say(t(`Ready in ${took}:`, `Prêt en ${took} :`));
    this.#print(`  ${this.#ink.green('✔')} ${ready} ${this.#ink.cyan(url)}`);
    const rows = machines.map(({ name, address, forwarded }) => [
      name,
      address,
      forwarded === undefined ? '' : `http://${forwarded.replace('127.0.0.1', 'localhost')}/`,
    ]);
    for (const line of table(rows)) this.#print(this.#ink.dim(`      ${line}`));
  }

  watch(recorder: Recorder, visitors: readonly string[]): void {
    const counter = new MotionCounter(visitors);
    recorder.onAppend(record => counter.count(record));
    const draw = (): void => this.#draw(motionText(counter.at(recorder.now()), this.#language));
    this.#motion = setInterval(draw, this.#terminal.live ? LIVE_MS : PLAIN_MS);
    this.#motion.unref();
  }

  step(step: Step, index: number, total: number): void {
    const title = this.#ink.bold(`${index + 1}/${total}  ${step.title[this.#language]}`);
    this.#print('', title);
    this.#prose(step.say[this.#language]);
  }

  command(command: string, natives: readonly string[] = []): void {
    this.#print(`  ${this.#ink.dim('$')} ${this.#ink.cyan(command)}`);
    const or = this.#say(t('or', 'ou'));
    for (const line of natives) this.#print(this.#ink.dim(`    ${or} ${line}`));
  }

  told(answer: string): void {
    if (answer === '') return;
    const [first, ...rest] = answer.split('\n');
    this.#print(this.#ink.dim(`    → ${first}`));
    for (const line of rest) this.#print(this.#ink.dim(`      ${line}`));
  }

  measured(records: readonly ConnectRecord[]): void {
    const rows = records.map(record => [
      record.machine,
      record.failure ?? '',
      this.#say(duration(record.durationMs)).padStart(7),
      outcomes[record.outcome][this.#language],
    ]);
    const head = this.#say(
      t('machine|how it failed|took|a client sees', 'machine|panne|durée|un client voit'),
    );
    for (const line of table([head.split('|'), ...rows])) this.#print(`      ${line}`);
  }

  settled({ claim, verdict, durationMs, source }: CheckResult): void {
    const ink = { pass: this.#ink.green, fail: this.#ink.red, unknown: this.#ink.gray };
    const mark = ink[verdict.kind](VERDICT_MARKS[verdict.kind]);
    const eye = source === 'browser' ? this.#say(t(' [browser]', ' [navigateur]')) : '';
    const time =
      source === 'invariant' || durationMs < WORTH_TELLING_MS
        ? ''
        : ` ${this.#say(duration(durationMs))}`;
    const reason = `(${verdict.because}${eye})${time}`;
    const told = verdict.kind === 'pass' ? this.#ink.dim(reason) : ink[verdict.kind](reason);
    this.#print(`  ${mark} ${claim[this.#language]} ${told}`);
  }

  recap(text: Text): void {
    this.#prose(text[this.#language]);
  }

  closing(): void {
    clearInterval(this.#motion);
    this.#erase();
  }

  summary(result: RunResult, folder: string): void {
    this.closing();
    const { verdict, requests } = result;
    const ink = { pass: this.#ink.green, fail: this.#ink.red, unknown: this.#ink.gray };
    const words = {
      pass: t('Passed', 'Réussi'),
      fail: t('Failed', 'Échec'),
      unknown: t('Unknown', 'Indécis'),
    };
    const word = result.interrupted
      ? this.#say(t('Interrupted; everything was taken down', 'Interrompu ; tout a été arrêté'))
      : this.#say(words[verdict.kind]);
    const counted = this.#say(countedRequests(requests, verdict));
    const mark = ink[verdict.kind](`${VERDICT_MARKS[verdict.kind]} ${word}`);
    this.#print('', `${mark} · ${counted} · ${this.#say(duration(result.durationMs))}`);
    if (verdict.kind !== 'pass' && !result.interrupted) {
      this.#print(`  ${ink[verdict.kind](verdict.because)}`);
    }
    for (const [verb, how] of Object.entries(result.imitations)) {
      this.#print(this.#ink.yellow(`  ! ${verb}: ${this.#say(t('imitated', 'imité'))}: ${how}`));
    }
    this.#print(this.#ink.dim(`  ${path.join(folder, 'report.html')}`));
  }

  #say(text: Text): string {
    return text[this.#language];
  }

  #prose(text: string): void {
    const width = Math.min(this.#terminal.columns, 92) - 4;
    this.#print(...wrap(text, width).map(line => `  ${line}`));
  }

  #print(...lines: readonly string[]): void {
    this.#erase();
    for (const line of lines) this.#terminal.write(`${line}\n`);
  }

  #draw(text: string): void {
    if (text === this.#lastMotion) return;
    this.#lastMotion = text;
    if (!this.#terminal.live) {
      this.#terminal.write(`    ${text}\n`);
      return;
    }
    const room = this.#terminal.columns - 5;
    this.#terminal.write(`\r\x1b[2K    ${this.#ink.dim(text.slice(0, room))}`);
    this.#lineShown = true;
  }

  #erase(): void {
    if (!this.#lineShown) return;
    this.#terminal.write('\r\x1b[2K');
    this.#lineShown = false;
  }
}
