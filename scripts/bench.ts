/**
 * Relais beside other proxies: same backend, same load, same minutes. Everything listens on
 * 127.0.0.1 with one worker, keeps its connections to the backend and adds X-Forwarded-For.
 */
import { availableParallelism, loadavg } from 'node:os';
import { createCrew } from './bench/crew.ts';
import { type BenchOptions, parseOptions } from './bench/options.ts';
import type { Peer } from './bench/peer.ts';
import { haproxy } from './bench/peers/haproxy.ts';
import { httpProxy } from './bench/peers/http-proxy.ts';
import { nginx } from './bench/peers/nginx.ts';
import { relais } from './bench/peers/relais.ts';
import { report } from './bench/report.ts';
import { judge } from './bench/result.ts';
import { runBench } from './bench/run-bench.ts';
import { canInstallPackages, hasProgram, installLine, installPackages } from './debian.ts';

/** Without these there is no bench: the load and the backend. */
const tools = [
  { program: 'wrk', debianPackage: 'wrk' },
  { program: 'nginx', debianPackage: 'nginx-light' },
];
const allPeers: readonly Peer[] = [relais, haproxy, nginx, httpProxy];

const say = (line: string): void => console.error(line);

async function bench(options: BenchOptions): Promise<number> {
  const peers = allPeers.filter(peer => options.peers?.includes(peer.name) ?? true);
  if (options.install) await installMissing(peers);
  const missing = await missingPackages(tools);
  if (missing.length > 0) {
    say(`The bench needs ${missing.join(' and ')}: ${installLine(missing)}`);
    return 1;
  }
  warnOfOtherLoad();
  const crew = createCrew();
  let interrupted = 0;
  for (const [signal, code] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const]) {
    process.on(signal, () => {
      interrupted = code;
      // The run sees its processes end, cleans up and comes back below.
      crew.dismiss().catch((error: Error) => say(error.message));
    });
  }
  const results = await runBench(crew, peers, options, say).catch((error: Error) => {
    if (interrupted === 0) throw error;
    return [];
  });
  if (interrupted > 0) return interrupted;
  const promises = judge(results);
  console.log(
    options.json
      ? JSON.stringify({ node: process.version, options, results, promises }, null, 2)
      : `\n${conditions(options)}\n\n${report(results)}`,
  );
  const failed = results.some(result => result.state === 'failed');
  const broken = options.assert && promises.some(promise => !promise.held);
  return failed || broken ? 1 : 0;
}

/** On a busy machine the proxies wait for a core as often as they work. */
function warnOfOtherLoad(): void {
  const [lastMinute = 0] = loadavg();
  const cores = availableParallelism();
  if (lastMinute < cores / 4) return;
  const load = `load ${lastMinute.toFixed(1)} on ${cores} cores`;
  say(`The machine is busy (${load}): req/s will be low and unsteady, CPU µs/req less so.`);
}

/** Without these the figures mean nothing. */
function conditions({ rounds, seconds, connections }: BenchOptions): string {
  const machine = `Node ${process.version}, ${availableParallelism()} cores`;
  const load = `${connections} keep-alive connections, ${rounds} × ${seconds} s`;
  return `${machine}; ${load}; one worker each, 1 KiB answers from nginx`;
}

type Need = NonNullable<Peer['needs']>;

async function missingPackages(needs: readonly Need[]): Promise<string[]> {
  const found = await Promise.all(needs.map(need => hasProgram(need.program)));
  return [...new Set(needs.filter((_, index) => !found[index]).map(need => need.debianPackage))];
}

async function installMissing(peers: readonly Peer[]): Promise<void> {
  const packages = await missingPackages([...tools, ...peers.flatMap(peer => peer.needs ?? [])]);
  if (packages.length === 0) return;
  if (await canInstallPackages()) await installPackages(packages, say);
  else say(`--install works on Debian as root. By hand: ${installLine(packages)}`);
}

process.exitCode = await bench(
  parseOptions(
    process.argv.slice(2),
    allPeers.map(peer => peer.name),
  ),
).catch((error: Error) => {
  say(`bench: ${error.message}`);
  return 1;
});
