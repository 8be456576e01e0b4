/** What can be said of a lab without running it: its words, in both languages, and its help. */
import type { Action } from '../harness/actions.ts';
import type { Check, Lab, Step } from '../harness/lab.ts';
import type { Text } from '../harness/text.ts';
import { broken, type Finding, holds } from './finding.ts';

export const LEAST_HINTS = 2;

export function checkTexts(lab: Lab): readonly Finding[] {
  const places: readonly (readonly [string, readonly string[]])[] = [
    ['lab', [...problemsOfTexts(sentencesOfLab(lab)), ...problemsOfLab(lab)]],
    ...lab.steps.map((step): [string, string[]] => [
      step.id,
      [...problemsOfTexts(sentencesOfStep(step)), ...problemsOfStep(step)],
    ]),
  ];
  return places.map(([where, problems]) =>
    problems.length === 0 ? holds('texts', where) : broken('texts', where, problems.join('; ')),
  );
}

function sentencesOfLab({ title, summary, throughout }: Lab): readonly Text[] {
  return [title, summary, ...throughout.map(({ claim }) => claim)];
}

export function sentencesOfStep(step: Step): readonly Text[] {
  const { title, say, recap, hints = [], see = [], predict, check, during = [] } = step;
  return [
    title,
    say,
    ...(recap === undefined ? [] : [recap]),
    ...hints,
    ...see.map(({ alt }) => alt),
    ...(predict === undefined ? [] : [predict.ask, ...predict.choices.map(({ text }) => text)]),
    ...[...check, ...during].flatMap(sentencesOfCheck),
  ];
}

function sentencesOfCheck({ claim, because = [], imitated }: Check): readonly Text[] {
  return [claim, ...because.map(({ say }) => say), ...(imitated ? [imitated.claim] : [])];
}

function problemsOfTexts(texts: readonly Text[]): readonly string[] {
  return texts.flatMap(({ en, fr }) => {
    if (en.trim() === '' || fr.trim() === '') return [`a sentence is empty: "${en}" / "${fr}"`];
    if (en === fr) return [`not translated: "${en}"`];
    if (/['"]/.test(fr)) return [`a straight quote in French: "${fr}"`];
    return [];
  });
}

function problemsOfLab(lab: Lab): readonly string[] {
  const { steps } = lab;
  const seen = steps.some(({ check }) => check.some(({ probe }) => probe.kind.startsWith('page')));
  return [
    ...(steps.length < 3 || steps.length > 7 ? [`${steps.length} steps; 3 to 7 are wanted`] : []),
    ...(seen ? [] : ['no step is seen by a browser']),
    ...(steps.some(({ predict }) => predict !== undefined) ? [] : ['no prediction is asked for']),
    ...(steps.some(({ mistakes = [] }) => mistakes.length > 0) ? [] : ['no mistake is listed']),
    ...(steps.at(-1)?.recap === undefined ? ['the last step has no recap'] : []),
  ];
}

function problemsOfStep(step: Step): readonly string[] {
  if (!isActing(step)) return [];
  const { hints = [], check } = step;
  return [
    ...(hints.length < LEAST_HINTS ? [`${hints.length} hints; ${LEAST_HINTS} are wanted`] : []),
    ...(check.some(({ because = [] }) => because.length > 0) ? [] : ['no check has a diagnosis']),
  ];
}

/** A step that only looks, or only measures, is green without anybody doing anything. */
export function isActing({ act }: Step): boolean {
  return act.some((action: Action) => action.kind !== 'measure');
}
