/** Ten minutes of mixed traffic while machines fail and everything is changed: `npm run test:soak`. */
import { parseArgs } from 'node:util';
import { runSoak } from './soak/run-soak.ts';

const usage = `npm run test:soak -- [--minutes N] [--visitors N]

Mixed traffic through two workers to four backends, three of which crash, freeze, slow down and fail
at random while weights, policies, backends and frontends change. Every answer is checked.
  --minutes N   how long (default 10)
  --visitors N  at the same time (default 32)

Exit code 0: no wrong answer, no leaked socket, flat memory. 1: a promise was broken. 2: wrong usage.
`;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    visitors: { type: 'string', default: '32' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const [minutes, visitorCount] = [Number(values.minutes), Number(values.visitors)];
if (values.help) process.stdout.write(usage);
else if (!(minutes > 0) || !Number.isInteger(visitorCount) || visitorCount < 1) {
  process.stderr.write(`--minutes and --visitors are numbers above 0\n\n${usage}`);
  process.exitCode = 2;
} else {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interrupt.abort());
  }
  process.exitCode = await runSoak(minutes, visitorCount, interrupt.signal);
}
