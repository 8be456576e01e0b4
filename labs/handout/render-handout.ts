/** A lab as a page to read and to follow by hand, in Markdown; pure. */
import { APP_PORT } from '../../vms/address-plan.ts';
import { counted } from '../harness/figures.ts';
import type { Check, Lab, Step } from '../harness/lab.ts';
import { type Language, t } from '../harness/text.ts';
import { startingMachines } from '../harness/world.ts';
import type { HandoutFacts, StepFacts } from './handout-facts.ts';
import { handoutWords as words } from './handout-words.ts';

export interface HandoutSource {
  readonly lab: Lab;
  readonly language: Language;
  readonly facts: HandoutFacts;
}

export function renderHandout(source: HandoutSource): string {
  const { lab, language } = source;
  const say = sayIn(language);
  const blocks = [
    `# ${say(lab.title)}`,
    otherLanguage(lab, language),
    say(lab.summary),
    `*${lab.minutes} ${say(words.minutes)} · ${verifiedBy(source)}*`,
    ...machinesBlock(source),
    ...beginBlock(source),
    ...lab.steps.flatMap((step, index) => stepBlock(source, step, index)),
    ...throughoutBlock(source),
    ...troubleBlock(source),
    ...hintsBlock(source),
    ...answersBlock(source),
    `[${say(words.others)}](README${language === 'en' ? '' : `.${language}`}.md)`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

const colon = t(': ', ' : ');

type Say = (text: { readonly en: string; readonly fr: string }) => string;

export function sayIn(language: Language): Say {
  return text => text[language];
}

function otherLanguage({ id }: Lab, language: Language): string {
  return language === 'en'
    ? `*[En français](${id}.fr.md) · [HTML](${id}.en.html)*`
    : `*[In English](${id}.en.md) · [HTML](${id}.fr.html)*`;
}

function verifiedBy({ facts, language }: HandoutSource): string {
  const { total, failed } = facts.requests;
  const browser = facts.browser;
  return sayIn(language)(
    t(
      `verified with Relais ${facts.relais} on ${facts.provider} machines in ${facts.seconds} s, by ${browser} and ${total} requests, ${failed} of them failed`,
      `vérifié avec Relais ${facts.relais} sur des machines ${facts.provider} en ${facts.seconds} s, par ${browser} et ${total} requêtes, dont ${failed} en échec`,
    ),
  );
}

function machinesBlock({ lab, language }: HandoutSource): readonly string[] {
  const say = sayIn(language);
  const up = new Set(startingMachines(lab));
  const others = Object.values(lab.proxy.clusters ?? {}).flatMap(({ backends }) => backends);
  const serving = new Set([...lab.backends, ...others]);
  const rows = Object.entries(lab.machines).map(([name, { ip, forwardedPort, app }]) => {
    const state = serving.has(name)
      ? words.serving
      : up.has(name)
        ? words.running
        : words.notStarted;
    const port = `<http://localhost:${forwardedPort}>`;
    return `| ${name} | ${ip}:${APP_PORT} | ${port} | ${app.version}, ${say(state)} |`;
  });
  const head = [words.machine, words.address, words.ownPort, words.atTheStart].map(say).join(' | ');
  return [
    `## ${say(words.machines)}`,
    `![](${lab.id}/topology.svg)`,
    [`| ${head} |`, '|---|---|---|---|', ...rows].join('\n'),
  ];
}

function beginBlock({ lab, language }: HandoutSource): readonly string[] {
  const say = sayIn(language);
  return [
    `## ${say(words.begin)}`,
    say(words.beginSelf),
    code([`npm run lab -- learn ${lab.id} --lang ${language}`]),
    say(words.beginShell),
    code(['npm run lab -- shell']),
    say(words.beginWatch),
    code([`npm run lab:${lab.id} -- --lang ${language}`]),
  ];
}

function code(lines: readonly string[]): string {
  return ['```console', ...lines, '```'].join('\n');
}

function stepBlock(source: HandoutSource, step: Step, index: number): readonly string[] {
  const { lab, language, facts } = source;
  const say = sayIn(language);
  const had = facts.steps.find(({ id }) => id === step.id);
  return [
    `## ${index + 1}. ${say(step.title)}`,
    say(step.say),
    ...predictionBlock(step, language),
    ...commandsBlock(had, say),
    `**${say(words.see)}**`,
    claims(step.check, had, say),
    ...promisesBlock(step, had, say),
    ...(step.see ?? []).flatMap(({ id, alt }) => {
      const file = had?.shots.find(shot => shot.id === id)?.file;
      return file === undefined ? [] : [`![${say(alt)}](${lab.id}/${file})`];
    }),
    ...(step.recap === undefined ? [] : [`> ${say(step.recap)}`]),
  ];
}

function predictionBlock({ predict }: Step, language: Language): readonly string[] {
  if (predict === undefined) return [];
  const say = sayIn(language);
  const choices = predict.choices.map(({ text }, index) => `${letter(index)}. ${say(text)}`);
  return [`**${say(words.predict)}.** ${say(predict.ask)}`, choices.join('  \n')];
}

function letter(index: number): string {
  return String.fromCharCode(65 + index);
}

/** Commands that said something are followed by what they said. */
function commandsBlock(had: StepFacts | undefined, say: Say): readonly string[] {
  if (had === undefined || had.commands.length === 0) return [];
  const lines = had.commands.flatMap((command, index) => {
    const output = had.outputs[index] ?? '';
    return [`$ ${command}`, ...(output === '' ? [] : output.split('\n'))];
  });
  return [`**${say(words.type)}**`, code(lines)];
}

function claims(checks: readonly Check[], had: StepFacts | undefined, say: Say): string {
  return checks
    .map(({ id, claim }) => {
      const because = had?.checks.find(check => check.id === id)?.because;
      return `- ${say(claim)}${because === undefined ? '' : `${say(colon)}*${because}*`}`;
    })
    .join('\n');
}

function promisesBlock(step: Step, had: StepFacts | undefined, say: Say): readonly string[] {
  if (step.during === undefined || step.during.length === 0) return [];
  return [`**${say(words.promises)}**`, claims(step.during, had, say)];
}

function throughoutBlock({ lab, language }: HandoutSource): readonly string[] {
  if (lab.throughout.length === 0) return [];
  const say = sayIn(language);
  const promises = lab.throughout.map(({ claim }) => `- ${say(claim)}`).join('\n');
  return [`## ${say(words.throughout)}`, promises];
}

/** Every diagnosis of the lab, under the claim that it explains. */
function troubleBlock({ lab, language }: HandoutSource): readonly string[] {
  const say = sayIn(language);
  const rows = lab.steps.flatMap((step, index) =>
    step.check.flatMap(({ claim, because = [] }) =>
      because.map(one => `| ${index + 1} | ${cell(say(claim))} | ${cell(say(one.say))} |`),
    ),
  );
  if (rows.length === 0) return [];
  const head = `| | ${say(words.notYet)} | ${say(words.diagnosis)} |`;
  return [`## ${say(words.trouble)}`, [head, '|--:|---|---|', ...rows].join('\n')];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function hintsBlock({ lab, language }: HandoutSource): readonly string[] {
  const say = sayIn(language);
  const lines = lab.steps.flatMap(({ hints = [] }, index) =>
    hints.map(hint => `- ${index + 1}: ${say(hint)}`),
  );
  return lines.length === 0 ? [] : [`## ${say(words.hints)}`, lines.join('\n')];
}

function answersBlock({ lab, language, facts }: HandoutSource): readonly string[] {
  const say = sayIn(language);
  const lines = lab.steps.flatMap(({ id, predict }, index) => {
    const happened = facts.steps.find(step => step.id === id)?.happened;
    const place = predict?.choices.findIndex(one => one.id === happened) ?? -1;
    const choice = predict?.choices[place];
    return choice === undefined ? [] : [`- ${index + 1}: ${letter(place)}. ${say(choice.text)}`];
  });
  return lines.length === 0 ? [] : [`## ${say(words.answers)}`, lines.join('\n')];
}

/** The page that leads to all handouts of a language. */
export function renderIndex(labs: readonly Lab[], language: Language): string {
  const say = sayIn(language);
  const other = language === 'en' ? '*[En français](README.fr.md)*' : '*[In English](README.md)*';
  const total = labs.reduce((sum, { minutes }) => sum + minutes, 0);
  const counts = say(counted(labs.length, t('lab', 'lab'), t('labs', 'labs')));
  const rows = labs.map(
    ({ id, title, minutes, summary }) =>
      `| [${say(title)}](${id}.${language}.md) | ${minutes} min | ${cell(say(summary))} |`,
  );
  return [
    `# ${say(t('The labs, to read and to follow by hand', 'Les labs, à lire et à suivre à la main'))}`,
    other,
    `${counts}, ${total} min.`,
    [`| lab | | |`, '|---|--:|---|', ...rows].join('\n'),
    '',
  ].join('\n\n');
}
