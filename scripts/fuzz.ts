/** `npm run fuzz`: bytes of any kind into everything that reads bytes from strangers. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { addToCorpus, readCorpus } from '../test/fuzz/corpus.ts';
import { type FuzzReport, fuzz } from '../test/fuzz/fuzz.ts';
import { disagreement } from '../test/fuzz/llhttp.ts';
import { Random } from '../test/fuzz/random.ts';
import type { Target } from '../test/fuzz/target.ts';
import { TARGETS } from '../test/fuzz/targets.ts';

interface Flags {
  readonly target: string;
  readonly inputs?: number;
  readonly minutes?: number;
  readonly seed?: number;
  readonly coverage: number;
  readonly save?: true;
  readonly replay?: Buffer;
}

const names = TARGETS.map(target => target.name);
const command = new Command('npm run fuzz --')
  .description('Looks for inputs that make the parsers throw, disagree with themselves, or accept')
  .addOption(
    new Option('--target <name>', 'what to fuzz').choices([...names, 'all']).default('all'),
  )
  .option(
    '--inputs <n>',
    'inputs per target (default: 1000000, or any number with --minutes)',
    count,
  )
  .option('--minutes <n>', 'most time per target', count)
  .option('--seed <n>', 'run the same inputs again', count)
  .option('--coverage <n>', 'look for new code every n inputs; 0: never', count, 500)
  .option('--save', 'add what took a way of its own to test/fixtures/fuzz')
  .option('--replay <json>', 'check this one input, a JSON text as printed for a failure', input)
  .exitOverride(error => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse();
const flags = command.opts<Flags>();

function count(text: string): number {
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number.');
}

function input(json: string): Buffer {
  try {
    const text: unknown = JSON.parse(json);
    if (typeof text === 'string') return Buffer.from(text, 'latin1');
  } catch {
    // Told below.
  }
  throw new InvalidArgumentError('Give a text in JSON, with its quotes: \'"GET / HTTP/1.1"\'.');
}

function replay(target: Target, bytes: Buffer): boolean {
  try {
    const { signature } = target.check(bytes, new Random(1));
    console.log(`${target.name}: fine (${signature})`);
    return true;
  } catch (error) {
    console.log(`${target.name}: ${error instanceof Error ? error.stack : String(error)}`);
    return false;
  }
}

async function run(target: Target, seed: number): Promise<boolean> {
  const report = fuzz(target, {
    seed,
    inputs: flags.inputs ?? (flags.minutes === undefined ? 1_000_000 : Infinity),
    milliseconds: (flags.minutes ?? Infinity) * 60_000,
    corpus: await readCorpus(target.name),
    coverageEvery: flags.coverage,
  });
  print(target.name, report);
  const disagreements = await countDisagreements(report);
  const added = flags.save ? await addToCorpus(target.name, report.found) : 0;
  if (added > 0) console.log(`  ${added} inputs added to test/fixtures/fuzz/${target.name}.jsonl`);
  return report.failures.length === 0 && disagreements === 0;
}

function print(
  name: string,
  { inputs, milliseconds, signatures, failures, slowest }: FuzzReport,
): void {
  const seconds = milliseconds / 1000;
  const rate = Math.round(inputs / seconds).toLocaleString('en');
  console.log(
    `${name}: ${inputs.toLocaleString('en')} inputs in ${seconds.toFixed(1)} s (${rate}/s), ` +
      `${signatures.toLocaleString('en')} kinds, ${failures.length} failures, ` +
      `slowest 64 inputs ${slowest.milliseconds.toFixed(0)} ms`,
  );
  for (const { input: bytes, reason } of failures) {
    console.log(`  ${reason.split('\n')[0]}`);
    console.log(`  --target ${name} --replay '${JSON.stringify(bytes.toString('latin1'))}'`);
  }
}

async function countDisagreements({ relayed }: FuzzReport): Promise<number> {
  let found = 0;
  for (const text of relayed) {
    const reason = await disagreement(text);
    if (reason === undefined) continue;
    found++;
    console.log(`  ${reason}: ${JSON.stringify(text)}`);
  }
  if (relayed.length > 0) {
    console.log(
      `  ${relayed.length} relayed messages of different kinds read by llhttp, too: ${found} otherwise`,
    );
  }
  return found;
}

const targets = TARGETS.filter(({ name }) => flags.target === 'all' || flags.target === name);
const chosenSeed = flags.seed ?? Date.now() % 2 ** 32;
if (flags.replay === undefined) console.log(`seed ${chosenSeed}`);
let fine = true;
for (const target of targets) {
  const { replay: bytes } = flags;
  if (!(bytes === undefined ? await run(target, chosenSeed) : replay(target, bytes))) fine = false;
}
process.exitCode = fine ? 0 : 1;
