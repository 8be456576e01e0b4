/** What `relais top` shows, as lines of a screen. Pure. */
import { showBreaker, showEvent } from '../show.ts';
import type { BackendRow, ClusterRow, TopView, WorkerRow } from './top-view.ts';

export const SORTS = ['rate', 'name', 'active', 'failures'] as const;
export type Sort = (typeof SORTS)[number];

export interface TopOptions {
  readonly columns: number;
  /** 0: as many as there are. */
  readonly rows: number;
  readonly sort: Sort;
  readonly paused: boolean;
  readonly colour: boolean;
  /** Why the screen is old; '' while it is not. */
  readonly problem: string;
}

type Colour = 'plain' | 'bold' | 'dim' | 'red' | 'yellow' | 'green';
type Cell = string | { readonly text: string; readonly colour: Colour };
type Row = readonly Cell[];

/** The escape sequence before, of ECMA-48 SGR. */
const codes: Readonly<Record<Colour, number>> = {
  plain: 0,
  bold: 1,
  dim: 2,
  red: 31,
  yellow: 33,
  green: 32,
};

const MIN_EVENTS = 3;
const KEYS = 'q quit   p pause   s sort   space now';

/** No line is longer than the screen is wide, and there are no more lines than it has. */
export function renderTop(view: TopView, options: TopOptions): string[] {
  const { columns, rows, colour } = options;
  const head = headOf(view, options);
  const foot: Row[] = rows === 0 ? [] : [[{ text: KEYS, colour: 'dim' }]];
  const space = rows === 0 ? Number.POSITIVE_INFINITY : rows - head.length - foot.length;
  const sections = fitSections(sectionsOf(view, options.sort), space);
  const lines = [...head, ...sections, ...foot].map(row => paint(row, columns, colour));
  return rows === 0 ? lines : lines.slice(0, rows);
}

function headOf(view: TopView, { sort, paused, problem }: TopOptions): Row[] {
  const { status, perSecond, errorsPerSecond, active, connections, tunnels } = view;
  const errors = errorsPerSecond ?? 0;
  const listening = status.listeners.map(address => `http://${address}`).join(' ') || 'nothing';
  return [
    [{ text: `relais ${status.version}`, colour: 'bold' }, `main ${status.pid}  on ${listening}`],
    [
      `${rateText(perSecond)} requests/s`,
      { text: `${rateText(errorsPerSecond)} 5xx/s`, colour: errors > 0 ? 'red' : 'plain' },
      `${active} active  ${connections} connections  ${tunnels} tunnels  by ${sort}`,
      paused ? { text: 'PAUSED', colour: 'yellow' } : '',
    ],
    ...(problem === '' ? [] : [[{ text: problem, colour: 'red' } as const]]),
  ];
}

interface Section {
  readonly heading: readonly string[];
  readonly rows: readonly Row[];
  /** Lines that it has even when there is little room. */
  readonly atLeast: number;
  /** Which rows are shown when not all of them can be. */
  readonly keeps: 'first' | 'last';
}

function sectionsOf(view: TopView, sort: Sort): Section[] {
  return [
    {
      heading: ['WORKER', 'PID', 'STATE', 'CONNECTIONS', 'ACTIVE', 'REQ/S', 'REQUESTS'],
      rows: view.workers.map(workerRow),
      atLeast: 2,
      keeps: 'first',
    },
    {
      heading: ['CLUSTER', 'REQ/S', '5XX/S', 'P50', 'P99', 'ACTIVE', 'USABLE'],
      rows: sortClusters(view.clusters, sort).map(clusterRow),
      atLeast: 3,
      keeps: 'first',
    },
    {
      heading: ['BACKEND', 'ADDRESS', 'STATE', 'BREAKER', 'ACTIVE', 'REQ/S', 'SHARE', 'FAILED/S'],
      rows: sortBackends(view.backends, sort).map(backendRow),
      atLeast: 3,
      keeps: 'first',
    },
    {
      heading: ['EVENTS'],
      rows: view.events.map(event => [showEvent(event)]),
      atLeast: MIN_EVENTS,
      keeps: 'last',
    },
  ];
}

/** Each section gets what it needs at least; the room that is left goes to the first that wants it. */
function fitSections(sections: readonly Section[], space: number): Row[] {
  const overhead = 2;
  const least = sections.map(({ rows, atLeast }) => Math.min(rows.length, atLeast));
  let spare = space - least.reduce((sum, count) => sum + count + overhead, 0);
  return sections.flatMap((section, index) => {
    const base = least[index] ?? 0;
    const more = Math.max(0, Math.min(section.rows.length - base, spare));
    spare -= more;
    return [[], ...table(section, base + more)];
  });
}

function table({ heading, rows, keeps }: Section, room: number): Row[] {
  const hidden = rows.length - room;
  const shown = keeps === 'first' ? rows.slice(0, room) : rows.slice(rows.length - room);
  const widths = heading.map((title, column) =>
    Math.max(title.length, ...shown.map(row => textOf(row[column] ?? '').length)),
  );
  const titles = hidden > 0 ? withCount(heading, hidden) : heading;
  return [titles.map(text => ({ text, colour: 'dim' }) as const), ...shown].map(row =>
    row.map((cell, column) => padded(cell, widths[column] ?? 0)),
  );
}

function withCount(heading: readonly string[], hidden: number): string[] {
  return [...heading.slice(0, -1), `${heading.at(-1)}  (${hidden} more)`];
}

function workerRow({ worker, perSecond }: WorkerRow): Row {
  const { workerId, pid, runState, snapshot } = worker;
  return [
    String(workerId),
    String(pid),
    { text: runState, colour: runState === 'running' ? 'green' : 'red' },
    snapshot === undefined ? '?' : String(snapshot.clientConnections),
    snapshot === undefined ? '?' : String(snapshot.activeRequests),
    rateText(perSecond),
    snapshot === undefined ? '?' : String(snapshot.requestsTotal),
  ];
}

function clusterRow(cluster: ClusterRow): Row {
  const { id, perSecond, errorsPerSecond, p50Ms, p99Ms, active, usable, backends } = cluster;
  return [
    id,
    rateText(perSecond),
    { text: rateText(errorsPerSecond), colour: (errorsPerSecond ?? 0) > 0 ? 'red' : 'plain' },
    msText(p50Ms),
    msText(p99Ms),
    String(active),
    { text: `${usable} of ${backends}`, colour: usableColour(usable, backends) },
  ];
}

function usableColour(usable: number, backends: number): Colour {
  if (usable === 0) return 'red';
  return usable < backends ? 'yellow' : 'green';
}

function backendRow({ backend, perSecond, failuresPerSecond }: BackendRow): Row {
  const { clusterId, backendId, address, admin, breaker, healthy, checked } = backend;
  const sick = checked && !healthy;
  const state = admin === 'ready' && sick ? 'unhealthy' : admin;
  const breakerColour = { closed: 'green', 'half-open': 'yellow', open: 'red' } as const;
  return [
    backendId === address ? clusterId : `${clusterId}/${backendId}`,
    address,
    { text: state, colour: stateColour(admin, sick) },
    { text: showBreaker(backend), colour: breakerColour[breaker] },
    String(backend.activeRequests),
    rateText(perSecond),
    `${Math.round(backend.sharePercent)} %`,
    { text: rateText(failuresPerSecond), colour: (failuresPerSecond ?? 0) > 0 ? 'red' : 'plain' },
  ];
}

function stateColour(admin: string, sick: boolean): Colour {
  if (sick) return 'red';
  return admin === 'ready' ? 'green' : 'yellow';
}

function sortClusters(rows: readonly ClusterRow[], sort: Sort): ClusterRow[] {
  const by = {
    rate: (row: ClusterRow) => row.perSecond ?? 0,
    active: (row: ClusterRow) => row.active,
    failures: (row: ClusterRow) => row.errorsPerSecond ?? 0,
  };
  return sorted(rows, row => row.id, sort === 'name' ? undefined : by[sort]);
}

function sortBackends(rows: readonly BackendRow[], sort: Sort): BackendRow[] {
  const by = {
    rate: (row: BackendRow) => row.perSecond ?? 0,
    active: (row: BackendRow) => row.backend.activeRequests,
    failures: (row: BackendRow) => row.failuresPerSecond ?? 0,
  };
  const nameOf = ({ backend }: BackendRow): string => `${backend.clusterId} ${backend.backendId}`;
  return sorted(rows, nameOf, sort === 'name' ? undefined : by[sort]);
}

/** Rows must not jump about where nothing tells them apart: then the name decides. */
function sorted<T>(
  rows: readonly T[],
  nameOf: (row: T) => string,
  amountOf: ((row: T) => number) | undefined,
): T[] {
  return rows.toSorted((one, other) => {
    const more = amountOf === undefined ? 0 : amountOf(other) - amountOf(one);
    return more === 0 ? nameOf(one).localeCompare(nameOf(other)) : more;
  });
}

function rateText(perSecond: number | undefined): string {
  if (perSecond === undefined) return '-';
  return perSecond >= 10 || perSecond === 0 ? String(Math.round(perSecond)) : perSecond.toFixed(1);
}

function msText(ms: number | undefined): string {
  if (ms === undefined) return '-';
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return ms >= 10 ? `${Math.round(ms)} ms` : `${ms.toFixed(1)} ms`;
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}

function padded(cell: Cell, width: number): Cell {
  return typeof cell === 'string' ? cell.padEnd(width) : { ...cell, text: cell.text.padEnd(width) };
}

/** Cut at the edge before it is painted: an escape sequence must never be cut. */
function paint(row: Row, columns: number, colour: boolean): string {
  let room = columns;
  let line = '';
  for (const [index, cell] of row.entries()) {
    const gap = index === 0 ? '' : '  '.slice(0, room);
    const text = printable(textOf(cell)).slice(0, Math.max(0, room - gap.length));
    room -= gap.length + text.length;
    line += gap;
    const code = colour && typeof cell !== 'string' ? codes[cell.colour] : 0;
    line += code === 0 || text === '' ? text : `\u001b[${code}m${text}\u001b[0m`;
  }
  return line.replace(/ +$/, '');
}

/** What a backend or an event brings along must not steer the terminal. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
}
