/** The learner's screen: a view becomes lines, none wider than the terminal, none too many. Pure. */
import { t } from '../../harness/text.ts';
import type { LearnView } from '../learn-view.ts';
import { type Brush, say } from './brush.ts';
import { clean, cut, shortened, twoSides, wrapped } from './cells.ts';
import { machineStrip, machineTable } from './draw-machines.ts';
import { panelLines } from './draw-panel.ts';
import {
  checkLines,
  commandsToType,
  nativeLines,
  predictionLines,
  promiseSummary,
  recapLines,
  stepText,
  stepTitle,
} from './draw-step.ts';
import { proxyLine, ribbon } from './draw-traffic.ts';
import { fitRows, type Section } from './fit-rows.ts';
import { createInk } from './ink.ts';
import { keyLine, stepKeys } from './key-line.ts';
import { stepMarks } from './marks.ts';

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
  readonly colour: boolean;
}

/** Smaller than this, sentences one after the other are of more use than a screen. */
export const SMALLEST = { columns: 40, rows: 15 } as const;

/** What was done need not be typed again; then there is room for what it teaches. */
const GIVE_WAY: readonly string[] = [
  ...['natives', 'ribbon', 'typed', 'machines', 'promises', 'checks', 'text', 'where'],
  ...['panel', 'text', 'checks', 'machines', 'panel', 'proxy', 'notices', 'prediction', 'text'],
  ...['recap'],
];

export function isTooSmall({ columns, rows }: Pick<ScreenSize, 'columns' | 'rows'>): boolean {
  return columns < SMALLEST.columns || rows < SMALLEST.rows;
}

/**
 * The last line is the line of keys, at the bottom of the screen. With `choosesStep` it asks for the
 * number of a step, under the list of them.
 */
export function drawScreen(
  shown: LearnView,
  { columns, rows, colour }: ScreenSize,
  choosesStep = false,
): readonly string[] {
  const view: LearnView = choosesStep ? { ...shown, panel: { kind: 'steps' } } : shown;
  const brush: Brush = { ink: createInk(colour), language: view.language, columns };
  const body = withGaps(groups(view, brush), rows - 1);
  const empty = Array.from({ length: Math.max(0, rows - 1 - body.length) }, () => '');
  return [...body, ...empty, choosesStep ? stepKeys(view, brush) : keyLine(view, brush)];
}

type Group = readonly Section[];

/** An empty line between groups is the first thing to go. */
function withGaps(all: readonly Group[], rows: number): readonly string[] {
  const shown = all.filter(group => group.some(({ variants }) => (variants[0] ?? []).length > 0));
  const airy = shown.flatMap((group, index) =>
    index === 0 ? group : [{ name: 'gap', variants: [['']] }, ...group],
  );
  const count = airy.reduce((sum, { variants }) => sum + (variants[0] ?? []).length, 0);
  return count <= rows ? fitRows(airy, [], rows) : fitRows(shown.flat(), GIVE_WAY, rows);
}

function groups(view: LearnView, brush: Brush): readonly Group[] {
  return [
    [
      { name: 'title', variants: [[titleLine(view, brush)]] },
      { name: 'where', variants: [[whereLine(view, brush)], []] },
    ],
    [
      { name: 'machines', variants: [machineTable(view, brush), machineStrip(view, brush), []] },
      { name: 'proxy', variants: [[proxyLine(view, brush)], []] },
      { name: 'ribbon', variants: [ribbon(view, brush), []] },
    ],
    [notices(view, brush), { name: 'busy', variants: [busyLine(view, brush)] }],
    ...stepGroups(view, brush),
    [smaller('panel', panelLines(view, brush), [8, 4], brush)],
  ];
}

function stepGroups(view: LearnView, brush: Brush): readonly Group[] {
  const { checks, promises, prediction } = view.step;
  const text = stepText(view, brush);
  return [
    [{ name: 'step', variants: [stepTitle(view, brush)] }, smaller('text', text, [3, 1, 0], brush)],
    [smaller('prediction', predictionLines(prediction, brush), [5], brush)],
    [commands(view, brush), { name: 'natives', variants: [nativeLines(view, brush), []] }],
    [
      {
        name: 'checks',
        variants: [
          checkLines(checks, brush, 'all'),
          checkLines(checks, brush, 'not-green'),
          checkLines(checks, brush, 'none'),
        ],
      },
      {
        name: 'promises',
        variants: [checkLines(promises, brush, 'not-green'), promiseSummary(promises, brush)],
      },
    ],
    [
      { name: 'done', variants: [doneLine(view, brush)] },
      smaller('recap', recapLines(view, brush), [1], brush),
    ],
  ];
}

function commands(view: LearnView, brush: Brush): Section {
  const lines = commandsToType(view, brush);
  return view.step.done
    ? { name: 'typed', variants: [lines, []] }
    : { name: 'commands', variants: [lines] };
}

function smaller(
  name: string,
  lines: readonly string[],
  sizes: readonly number[],
  { columns }: Brush,
): Section {
  return { name, variants: [lines, ...sizes.map(most => shortened(lines, most, columns))] };
}

function titleLine({ lab, step, steps }: LearnView, brush: Brush): string {
  const bar = steps.map(({ state }) => stepMarks[state]).join('');
  const place = `${bar} ${step.number}/${steps.length}`;
  return twoSides(brush.ink.title(say(brush, lab.title)), place, brush.columns);
}

function whereLine({ lab, step, url }: LearnView, brush: Brush): string {
  return cut(brush.ink.quiet(clean(`${lab.id}/${step.id} · ${url}`)), brush.columns);
}

function notices(view: LearnView, brush: Brush): Section {
  const lines = view.notices.flatMap(notice =>
    wrapped(brush.ink.careful(say(brush, notice)), brush.columns, { first: '! ', rest: '  ' }),
  );
  return smaller('notices', lines, [2], brush);
}

function busyLine({ busy }: LearnView, brush: Brush): readonly string[] {
  return busy === undefined ? [] : [cut(brush.ink.title(`… ${say(brush, busy)}`), brush.columns)];
}

function doneLine({ step, finished }: LearnView, brush: Brush): readonly string[] {
  if (!step.done) return [];
  const text = finished
    ? t('Done: no step is left. Press n to end.', 'Fini : il ne reste aucune étape. Touche n.')
    : t('Done. Press n for the next step.', 'C’est fait. Touche n pour l’étape suivante.');
  return [cut(brush.ink.good(say(brush, text)), brush.columns)];
}
