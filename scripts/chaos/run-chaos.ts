/** A chaos run: one fault after another, a table, and whether every promise was held. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chalk } from 'zx';
import { tableLines } from '../bench/report.ts';
import { Backends } from './backends/backends.ts';
import type { Fault } from './fault.ts';
import { allFaults } from './faults.ts';
import type { ChaosOptions } from './options.ts';
import { type Conditions, type Performance, perform } from './perform.ts';
import { brokenPromises, tableOf } from './table.ts';

const say = (line: string): void => console.error(line);

/** Resolves with the exit code. Rejects when it was interrupted. */
export async function runChaos(options: ChaosOptions, interrupted: AbortSignal): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'relais-chaos-'));
  const backends = new Backends(process.env);
  const performances: Performance[] = [];
  try {
    await backends.start();
    const conditions: Conditions = { ...options, folder, backends, interrupted, say };
    for (const fault of allFaults.filter(({ name }) => options.only.includes(name))) {
      performances.push(await announced(fault, conditions));
    }
  } finally {
    await backends.end();
    await rm(folder, { recursive: true, force: true });
  }
  console.log(options.json ? JSON.stringify(performances, null, 2) : report(performances));
  return performances.length > 0 && performances.every(({ held }) => held) ? 0 : 1;
}

async function announced(fault: Fault, conditions: Conditions): Promise<Performance> {
  const times = conditions.isShort ? fault.shortTimes : fault.times;
  say(`${fault.name}: ${fault.about}, ${times} ×`);
  const performed = await perform(fault, conditions);
  for (const line of brokenPromises([performed])) say(chalk.red(`  ✘ ${line}`));
  return performed;
}

function report(performances: readonly Performance[]): string {
  const broken = brokenPromises(performances);
  const end =
    broken.length === 0
      ? [chalk.green('✔ every promise was held')]
      : broken.map(line => chalk.red(`✘ ${line}`));
  return ['', ...tableLines(tableOf(performances)), '', ...end].join('\n');
}
