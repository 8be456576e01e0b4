/** The first screen: which labs there are, how far one is in each, which one to begin. Pure. */
import { type Language, type Text, t } from '../../harness/text.ts';
import { type LabStanding, standingText } from '../progress.ts';
import { type Brush, say } from '../screen/brush.ts';
import { cut, padded, shortened, width, wrapped } from '../screen/cells.ts';
import type { ScreenSize } from '../screen/draw-screen.ts';
import { createInk } from '../screen/ink.ts';

export interface LabOffer {
  readonly id: string;
  readonly title: Text;
  readonly summary: Text;
  readonly minutes: number;
  readonly standing: LabStanding;
}

export interface Welcome {
  readonly language: Language;
  readonly labs: readonly LabOffer[];
  /** Counted from 0. */
  readonly chosen: number;
  /** Digits that were typed last: 1 then 2 is lab 12. */
  readonly typed: string;
  /** Something to know before, such as a file that could not be read. */
  readonly notice: Text | undefined;
}

/** Rows of the summary of the chosen lab, with the empty line above it. */
const SUMMARY_ROWS = 4;

/** As many lines as rows, none wider than columns; the last one has the keys. */
export function drawWelcome(
  welcome: Welcome,
  { columns, rows, colour }: ScreenSize,
): readonly string[] {
  const brush: Brush = { ink: createInk(colour), language: welcome.language, columns };
  const top = heading(welcome, brush);
  const summary = chosenSummary(welcome, brush);
  const room = Math.max(1, rows - top.length - SUMMARY_ROWS - 1);
  const body = [...top, ...labList(welcome, brush, room), ...summary].slice(0, rows - 1);
  const empty = Array.from({ length: rows - 1 - body.length }, () => '');
  return [...body, ...empty, keys(welcome, brush)];
}

function heading({ notice }: Welcome, brush: Brush): readonly string[] {
  const title = t('Relais: choose a lab', 'Relais : choisissez un lab');
  const told =
    notice === undefined
      ? []
      : wrapped(say(brush, notice), brush.columns, { first: '! ', rest: '  ' });
  return [
    cut(brush.ink.title(say(brush, title)), brush.columns),
    ...shortened(told, 3, brush.columns).map(line => brush.ink.careful(line)),
    '',
  ];
}

/** The chosen one is always among those that are shown. */
function labList({ labs, chosen }: Welcome, brush: Brush, room: number): readonly string[] {
  const first = Math.max(0, Math.min(chosen - Math.floor(room / 2), labs.length - room));
  const ids = Math.max(...labs.map(({ id }) => width(id)));
  const lines = labs.map((lab, index) => offerLine(lab, index, { brush, ids, chosen }));
  return lines.slice(first, first + room);
}

interface ListFacts {
  readonly brush: Brush;
  readonly ids: number;
  readonly chosen: number;
}

function offerLine(
  { id, title, minutes, standing }: LabOffer,
  index: number,
  { brush, ids, chosen }: ListFacts,
): string {
  const { ink, columns } = brush;
  const mark = `${String(index + 1).padStart(2)}  ${standingText(standing).padEnd(6)}`;
  const text = `${mark} ${padded(id, ids)}  ${say(brush, title)}  ${minutes} min`;
  const isChosen = index === chosen;
  const paint = standing.mark === '✓' ? ink.good : (line: string): string => line;
  return cut(isChosen ? ink.title(`› ${text}`) : paint(`  ${text}`), columns);
}

function chosenSummary({ labs, chosen }: Welcome, brush: Brush): readonly string[] {
  const lab = labs[chosen];
  if (lab === undefined) return [];
  const lines = wrapped(say(brush, lab.summary), brush.columns);
  return ['', ...shortened(lines, SUMMARY_ROWS - 1, brush.columns)];
}

function keys({ labs }: Welcome, brush: Brush): string {
  const { ink } = brush;
  const words: readonly (readonly [string, Text])[] = [
    ['↑ ↓', t('choose', 'choisir')],
    [say(brush, t('Enter', 'Entrée')), t('begin', 'commencer')],
    ['q', t('quit', 'quitter')],
    ['t', t('français', 'English')],
    [`1–${labs.length}`, t('by number', 'par numéro')],
  ];
  const line = words.map(([key, text]) => `${ink.key(key)} ${say(brush, text)}`).join(' · ');
  return cut(line, brush.columns);
}
