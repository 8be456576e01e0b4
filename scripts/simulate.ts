/** Runs the simulation over as many seeds as wanted, and says which ones broke a promise. */
import { parseArgs } from 'node:util';
import { chalk } from 'zx';
import { World } from '../test/simulation/world.ts';

const usage = `npm run simulate -- [--seeds N] [--from SEED]

Each seed is a world of its own: visitors, machines, faults and changes. A seed repeats exactly.
  --seeds N    how many (default 10000)
  --from SEED  the first one (default 1); --seeds 1 --from SEED repeats one
`;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10000' },
    from: { type: 'string', default: '1' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

function run(seeds: number, from: number): number {
  let failed = 0;
  let requests = 0;
  const startedAt = performance.now();
  for (let seed = from; seed < from + seeds; seed++) {
    const world = new World(seed);
    world.run();
    requests += world.requests.length;
    if (world.problems.length > 0) {
      failed++;
      process.stdout.write(chalk.red(`seed ${seed}:\n  ${world.problems.join('\n  ')}\n`));
    }
    if ((seed - from + 1) % 1000 === 0) process.stdout.write(`${seed - from + 1} seeds\n`);
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const verdict = `${failed} of ${seeds} worlds broke a promise (${requests} requests, ${seconds} s)`;
  process.stdout.write(`${failed === 0 ? chalk.green(verdict) : chalk.red(verdict)}\n`);
  return failed === 0 ? 0 : 1;
}

const wanted = { seeds: Number(values.seeds), from: Number(values.from) };
if (values.help) process.stdout.write(usage);
else if (!Number.isInteger(wanted.seeds) || wanted.seeds < 1 || !Number.isInteger(wanted.from)) {
  process.stderr.write(`--seeds and --from are whole numbers\n\n${usage}`);
  process.exitCode = 2;
} else process.exitCode = run(wanted.seeds, wanted.from);
