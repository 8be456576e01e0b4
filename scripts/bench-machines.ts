/** How long each kind of machines takes from nothing to the first page through the proxy. */
import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { measureRound, type Round } from './bench/machines/first-answer.ts';
import { kindsOfMachines, type MachineKind } from './bench/machines/kinds.ts';
import { type Measured, reportOf } from './bench/machines/report.ts';

interface Flags {
  readonly machines?: string;
  readonly rounds?: number;
  readonly json?: string;
  readonly assert?: true;
}

const command = new Command('npm run bench:machines --')
  .description(
    'Times three machines from nothing to the first page through the proxy, kind by kind.',
  )
  .option(
    '--machines <kinds>',
    `only these, with commas: ${kindsOfMachines.map(({ name }) => name)}`,
  )
  .option('--rounds <n>', 'rounds per kind (default: 5; 1 where a round takes minutes)', rounds)
  .option('--json <file>', 'write the result to a file too; "-" prints it, and nothing else')
  .option('--assert', 'exit 1 when a promise is not held')
  .exitOverride(error => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse();

function rounds(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 100) return number;
  throw new InvalidArgumentError('Write a whole number from 1 to 100.');
}

function chosenKinds(names: string | undefined): readonly MachineKind[] {
  if (names === undefined) return kindsOfMachines;
  return names.split(',').map(name => {
    const found = kindsOfMachines.find(kind => kind.name === name);
    if (found !== undefined) return found;
    const known = kindsOfMachines.map(kind => kind.name).join(', ');
    return command.error(`No machines of the kind "${name}". Known: ${known}.`, { exitCode: 2 });
  });
}

async function measure(
  kind: MachineKind,
  wanted: number | undefined,
  signal: AbortSignal,
): Promise<Measured> {
  const readiness = await kind.provider.probe();
  if (!readiness.ready)
    return { kind, rounds: [], missing: `${readiness.reason}. ${readiness.fix}` };
  const count = wanted ?? kind.rounds;
  const done: Round[] = [];
  for (let round = 1; round <= count; round += 1) {
    console.error(`${kind.name}: round ${round} of ${count}`);
    done.push(await measureRound(kind, signal));
  }
  return { kind, rounds: done };
}

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => interrupted.abort(new Error('interrupted')));
}

const chosen = command.opts<Flags>();
const measured: Measured[] = [];
for (const kind of chosenKinds(chosen.machines)) {
  measured.push(await measure(kind, chosen.rounds, interrupted.signal));
}
const { lines, json, held } = reportOf(measured);
if (chosen.json === '-') console.log(JSON.stringify(json, null, 2));
else console.log(lines.join('\n'));
if (chosen.json !== undefined && chosen.json !== '-') {
  await writeFile(chosen.json, `${JSON.stringify(json, null, 2)}\n`);
}
process.exitCode = chosen.assert && !held ? 1 : 0;
