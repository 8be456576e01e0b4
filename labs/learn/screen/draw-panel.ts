/** What was asked for last, under a line that names it. */
import { t } from '../../harness/text.ts';
import type { LearnView, Panel } from '../learn-view.ts';
import { type Brush, say } from './brush.ts';
import { clean, cut, width, wrapped } from './cells.ts';
import { typedLines } from './draw-step.ts';
import { ribbonLegend } from './draw-traffic.ts';
import { KEYS } from './keys.ts';
import { stepMarks } from './marks.ts';

export function panelLines(view: LearnView, brush: Brush): readonly string[] {
  const { panel } = view;
  if (panel === undefined) return [];
  return [heading(panelName(panel, brush), brush), ...panelBody(view, panel, brush)];
}

function heading(name: string, { ink, columns }: Brush): string {
  const line = `── ${name} `;
  return cut(ink.quiet(`${line}${'─'.repeat(Math.max(0, columns - width(line)))}`), columns);
}

function panelName(panel: Panel, brush: Brush): string {
  switch (panel.kind) {
    case 'hint': {
      const place = `${panel.rung}/${panel.rungs}`;
      return say(brush, t(`Hint ${place}`, `Indice ${place}`));
    }
    case 'solution':
      return say(brush, t('Solution', 'Solution'));
    case 'why':
      return say(brush, t('Why', 'Pourquoi'));
    case 'steps':
      return say(brush, t('Steps', 'Étapes'));
    case 'keys':
      return say(brush, t('Keys', 'Touches'));
    case 'question':
      return say(brush, t('Question', 'Question'));
  }
}

function panelBody(view: LearnView, panel: Panel, brush: Brush): readonly string[] {
  switch (panel.kind) {
    case 'hint':
      return wrapped(say(brush, panel.text), brush.columns);
    case 'solution':
      return typedLines(panel.commands, brush, panel.done);
    case 'why':
      return reasons(panel.lines, brush);
    case 'steps':
      return stepList(view, brush);
    case 'keys':
      return [...keyList(brush), ribbonLegend(brush)];
    case 'question':
      return wrapped(brush.ink.title(say(brush, panel.ask)), brush.columns);
  }
}

function reasons(lines: readonly string[], brush: Brush): readonly string[] {
  const more = t('A digit: why for that check.', 'Un chiffre : pourquoi, pour ce test.');
  return [
    ...lines.flatMap(line => wrapped(clean(line), brush.columns, { first: '', rest: '  ' })),
    cut(brush.ink.quiet(say(brush, more)), brush.columns),
  ];
}

function stepList({ steps }: LearnView, brush: Brush): readonly string[] {
  return steps.map(({ title, state }, index) => {
    const line = `${stepMarks[state]} ${index + 1}  ${say(brush, title)}`;
    return cut(state === 'current' ? brush.ink.title(line) : line, brush.columns);
  });
}

/** Two columns where there is room for them. */
function keyList(brush: Brush): readonly string[] {
  const items = KEYS.map(({ key, about }) => `${brush.ink.key(key)} ${say(brush, about)}`);
  const column = Math.max(...items.map(width)) + 3;
  if (column * 2 > brush.columns) return items.map(each => cut(each, brush.columns));
  const half = Math.ceil(items.length / 2);
  return items.slice(0, half).map((left, index) => {
    const right = items[half + index] ?? '';
    return `${left}${' '.repeat(column - width(left))}${right}`.trimEnd();
  });
}
