/** The machines: a table with a line for each where there is room, else a few to a line. */
import { t } from '../../harness/text.ts';
import type { LearnView, MachineTile } from '../learn-view.ts';
import { backendTrouble, breakerRing } from './breaker-ring.ts';
import { type Brush, say } from './brush.ts';
import { clean, cut, padded, width } from './cells.ts';
import { machineMark, versionLetter } from './marks.ts';

const GAP = 2;
const MOST_PULSES = 5;

const states = {
  running: t('running', 'en marche'),
  poweroff: t('off', 'éteinte'),
  'not-created': t('not there', 'absente'),
} as const;

interface Cell {
  readonly text: string;
  /** Left out where the table is too wide, the highest first; 0 stays. */
  readonly spare: number;
}

export function machineTable(view: LearnView, brush: Brush): readonly string[] {
  const weighted = new Set(view.machines.map(({ backend }) => backend?.weight)).size > 1;
  const rows = view.machines.map(machine => machineCells(machine, brush, weighted));
  for (let spare = 4; spare >= 0; spare -= 1) {
    const lines = aligned(rows.map(row => row.filter(cell => cell.spare <= spare)));
    if (spare === 0 || lines.every(line => width(line) <= brush.columns)) {
      return lines.map(line => cut(line, brush.columns));
    }
  }
  return [];
}

function machineCells(machine: MachineTile, brush: Brush, weighted: boolean): readonly Cell[] {
  const { backend, served, version, address } = machine;
  const weight = weighted && backend !== undefined ? `×${backend.weight}` : '';
  const trouble = backend === undefined ? '' : backendTrouble(backend, brush);
  return [
    { text: machineLabel(machine, brush), spare: 0 },
    { text: machineState(machine, brush), spare: 0 },
    { text: clean(version), spare: 3 },
    { text: clean(address), spare: 4 },
    { text: [breakerRing(backend, brush), trouble].filter(Boolean).join(' '), spare: 0 },
    { text: weight, spare: 1 },
    { text: pulse(served, brush), spare: 2 },
  ];
}

function machineLabel({ name, version, state, failures }: MachineTile, brush: Brush): string {
  const { ink } = brush;
  const sound = state === 'running' && failures.length === 0;
  const lamp = sound ? ink.good('●') : ink.bad(state === 'running' ? '▲' : '○');
  const mark = `${versionLetter(version)}${machineMark(name)}`;
  return `${lamp} ${ink.version(version)(mark)} ${clean(name)}`;
}

/** The failures are told by the words with which they are made. */
function machineState({ state, failures }: MachineTile, brush: Brush): string {
  const words = [say(brush, states[state]), ...failures.filter(verb => verb !== 'power-off')];
  const sound = state === 'running' && failures.length === 0;
  return (sound ? brush.ink.quiet : brush.ink.bad)(words.join(', '));
}

function pulse(served: number, { ink }: Brush): string {
  if (served === 0) return ink.quiet('·');
  return `${ink.good('▮'.repeat(Math.min(served, MOST_PULSES)))} ${served}`;
}

function aligned(rows: readonly (readonly Cell[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach(({ text }, index) => {
      widths[index] = Math.max(widths[index] ?? 0, width(text));
    });
  }
  return rows.map(row =>
    row
      .map(({ text }, index) => ({ text, room: widths[index] ?? 0 }))
      .filter(({ room }) => room > 0)
      .map(({ text, room }) => padded(text, room))
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
}

/** As many machines to a line as fit, with what is out of the ordinary only. */
export function machineStrip(view: LearnView, brush: Brush): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const machine of view.machines) {
    const item = stripItem(machine, brush);
    const longer = line === '' ? item : `${line}   ${item}`;
    if (line !== '' && width(longer) > brush.columns) {
      lines.push(line);
      line = item;
    } else line = longer;
  }
  return [...lines, line].map(each => cut(each, brush.columns));
}

function stripItem(machine: MachineTile, brush: Brush): string {
  const { state, failures, backend } = machine;
  const sound = state === 'running' && failures.length === 0;
  const calm = backend?.breaker === 'closed' && backend.failures === 0;
  const trouble = backend === undefined ? '' : backendTrouble(backend, brush);
  const words = [
    machineLabel(machine, brush),
    sound ? '' : machineState(machine, brush),
    calm ? '' : breakerRing(backend, brush),
    trouble,
  ];
  return words.filter(Boolean).join(' ');
}
