/** The table of times, as text and for programs. */
import { availableParallelism, cpus } from 'node:os';
import { tableLines, verdictLine } from '../report.ts';
import { decimals, median, type Verdict, verdict } from '../result.ts';
import type { Round } from './first-answer.ts';
import type { MachineKind } from './kinds.ts';

export interface Measured {
  readonly kind: MachineKind;
  readonly rounds: readonly Round[];
  /** Why it could not be measured here, and what to do. */
  readonly missing?: string;
}

export interface MachineReport {
  readonly lines: readonly string[];
  readonly json: unknown;
  readonly held: boolean;
}

export function reportOf(measured: readonly Measured[]): MachineReport {
  const rows = measured.map(({ kind, rounds }) => [
    kind.name,
    String(rounds.length),
    ...(['upMs', 'answerMs', 'goneMs'] as const).map(figure =>
      seconds(median(rounds.map(round => round[figure]))),
    ),
  ]);
  const headings = ['3 machines', 'rounds', 'up s', 'first page s', 'gone s'];
  const notes = measured.flatMap(({ kind, missing }) =>
    missing === undefined ? [] : [`! ${kind.name}: ${missing}`],
  );
  const verdicts = measured
    .filter(({ missing }) => missing === undefined)
    .map(({ kind, rounds }) =>
      judge(
        kind.name,
        kind.promisedMs,
        rounds.map(it => it.answerMs),
      ),
    );
  const [{ model } = { model: 'unknown' }] = cpus();
  const machine = { node: process.version, cores: availableParallelism(), cpu: model };
  return {
    lines: [
      `${machine.cores} cores, Node ${machine.node}; medians`,
      '',
      ...tableLines({ headings, rows }),
      '',
      ...notes,
      ...verdicts.map(verdictLine),
    ],
    json: {
      machine,
      kinds: measured.map(({ kind, rounds, missing }) => ({
        name: kind.name,
        promisedMs: kind.promisedMs,
        rounds,
        ...(missing !== undefined && { missing }),
      })),
    },
    held: verdicts.every(({ held }) => held),
  };
}

function judge(name: string, promisedMs: number, answers: readonly number[]): Verdict {
  const text = `${name}: first page within ${promisedMs / 1_000} s`;
  return verdict(
    text,
    median(answers),
    value => value <= promisedMs,
    value => `${seconds(value)} s`,
  );
}

function seconds(ms: number | undefined): string {
  return decimals(ms === undefined ? undefined : ms / 1_000, 2);
}
