/** What a chaos run found, for people. Pure. */
import { decimals, type Table, thousands } from '../bench/result.ts';
import { LANES } from './load/visit.ts';
import type { Performance } from './perform.ts';

const headings = [
  ...['fault', 'times', 'seconds', 'requests', 'kept', 'fresh', 'long'],
  ...['failed', 'kept', 'fresh', 'long', 'excused', 'longest pause', 'promise'],
];

export function tableOf(performances: readonly Performance[]): Table {
  return { headings, rows: performances.map(cells) };
}

function cells(performance: Performance): string[] {
  const { fault, times, wanted, seconds, lanes, excused, longestPauseMs, held } = performance;
  const requests = LANES.map(lane => lanes[lane].requests);
  const failed = LANES.map(lane => lanes[lane].failed);
  return [
    fault,
    times === wanted ? thousands(times) : `${thousands(times)} of ${thousands(wanted)}`,
    decimals(seconds, 1),
    ...[sum(requests), ...requests].map(thousands),
    ...[sum(failed), ...failed].map(thousands),
    thousands(excused),
    `${thousands(longestPauseMs)} ms`,
    held ? 'held' : 'broken',
  ];
}

/** One line for each promise that was broken, and how. */
export function brokenPromises(performances: readonly Performance[]): string[] {
  return performances.flatMap(({ fault, failures, problems }) => [
    ...Object.entries(failures).map(([how, count]) => `${fault}: ${thousands(count)} × ${how}`),
    ...problems.map(problem => `${fault}: ${problem}`),
  ]);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
