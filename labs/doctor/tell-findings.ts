/** The findings as lines for a terminal: one mark, one name, what was found, and below it what to do. */
import { wrap } from '../harness/narrator/layout.ts';
import { type Language, type Text, t } from '../harness/text.ts';
import type { Finding, FindingState } from './finding.ts';
import type { Judgement } from './judge/judge.ts';

const marks: Readonly<Record<FindingState, string>> = {
  ready: '✔',
  limited: '!',
  missing: '✘',
  optional: '–',
  untried: '·',
  told: ' ',
};

const NARROWEST = 30;

export function tellFindings(
  { findings, ready, machines }: Judgement,
  language: Language,
  columns: number,
): readonly string[] {
  const name = Math.max(...findings.map(({ what }) => what[language].length));
  const width = Math.max(NARROWEST, Math.min(columns, 120) - name - 4);
  return [
    ...findings.flatMap(finding => tellOne(finding, language, name, width)),
    '',
    (ready ? canRun(machines) : cannotRun)[language],
  ];
}

function tellOne(
  { what, state, found, why, fix, without }: Finding,
  language: Language,
  name: number,
  width: number,
): readonly string[] {
  const indent = ' '.repeat(name + 4);
  const [first = '', ...rest] = wrap(found[language], width);
  const below = (text: Text | undefined): readonly string[] =>
    text === undefined ? [] : wrap(text[language], width).map(line => indent + line);
  return [
    `${marks[state]} ${what[language].padEnd(name)}  ${first}`,
    ...rest.map(line => indent + line),
    ...below(why),
    // A line to type is never broken: it is there to be copied.
    ...(fix?.command === undefined ? [] : [`${indent}→ ${fix.command}`]),
    ...below(fix?.say),
    ...below(without),
  ];
}

function canRun(machines: string | undefined): Text {
  return t(
    `Labs can run here, on ${machines} machines.`,
    `Les labs peuvent tourner ici, sur des machines ${machines}.`,
  );
}

const cannotRun = t(
  'Labs cannot run yet: see ✘ above.',
  'Les labs ne peuvent pas encore tourner : voir ✘.',
);
