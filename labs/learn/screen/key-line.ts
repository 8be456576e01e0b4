/** The last line: the keys that matter now, as many as fit, and always the one that lists them all. */
import { t } from '../../harness/text.ts';
import type { LearnView } from '../learn-view.ts';
import { type Brush, say } from './brush.ts';
import { cut, width } from './cells.ts';
import { KEYS } from './keys.ts';

const SEPARATOR = ' · ';

export function keyLine(view: LearnView, brush: Brush): string {
  const { prediction } = view.step;
  if (view.panel?.kind === 'question') return cut(answers(brush), brush.columns);
  const asked = prediction !== undefined && prediction.chosen === undefined;
  const guess = asked ? [guessing(prediction.choices.length, brush)] : [];
  const last = item('?', say(brush, t('keys', 'touches')), brush);
  const rest = KEYS.filter(({ key }) => key !== '?').map(({ key, label }) =>
    item(key, say(brush, label), brush),
  );
  return cut(fitting([...guess, ...rest], last, brush.columns), brush.columns);
}

/** While the number of a step is awaited. */
export function stepKeys({ steps }: LearnView, brush: Brush): string {
  const number = item(
    `1–${steps.length}`,
    say(brush, t('go to this step', 'aller à cette étape')),
    brush,
  );
  const back = item(say(brush, t('Esc', 'Échap')), say(brush, t('back', 'retour')), brush);
  return cut(`${number}${SEPARATOR}${back}`, brush.columns);
}

function item(key: string, label: string, { ink }: Brush): string {
  return `${ink.key(key)} ${label}`;
}

function guessing(choices: number, brush: Brush): string {
  return item(`1–${choices}`, say(brush, t('what will happen?', 'que va-t-il se passer ?')), brush);
}

function answers(brush: Brush): string {
  const yes = item(say(brush, t('y', 'o')), say(brush, t('yes', 'oui')), brush);
  return `${yes}${SEPARATOR}${item('n', say(brush, t('no', 'non')), brush)}`;
}

function fitting(items: readonly string[], last: string, columns: number): string {
  let line = '';
  for (const each of items) {
    const longer = `${line}${each}${SEPARATOR}`;
    if (width(longer) + width(last) > columns) break;
    line = longer;
  }
  return `${line}${last}`;
}
