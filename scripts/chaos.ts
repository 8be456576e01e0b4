/** Everything that must not cost a request, done to a proxy under load: `npm run test:chaos`. */
import { allFaults } from './chaos/faults.ts';
import { runNumbers } from './chaos/numbers/run-numbers.ts';
import { parseOptions } from './chaos/options.ts';
import { runChaos } from './chaos/run-chaos.ts';

const options = parseOptions(
  process.argv.slice(2),
  allFaults.map(fault => fault.name),
);
if (options.list) {
  for (const { name, about, times } of allFaults) {
    console.log(`${name.padEnd(20)}${String(times).padStart(5)} × ${about}`);
  }
} else {
  const interrupt = new AbortController();
  let code = 1;
  for (const [signal, exitCode] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const]) {
    process.on(signal, () => {
      code = exitCode;
      interrupt.abort();
    });
  }
  const run = options.numbers ? runNumbers : runChaos;
  process.exitCode = await run(options, interrupt.signal).catch((error: Error) => {
    if (!interrupt.signal.aborted) console.error(`chaos: ${error.message}`);
    return code;
  });
}
