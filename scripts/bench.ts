/**
 * Relais beside other proxies: same backend, same load, same minutes. Everything listens on
 * addresses of this computer with one worker, and keeps its connections to the backend.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { canInstallPackages, installLine, installPackages } from '../vms/apt.ts';
import { hasProgram } from '../vms/programs/locate.ts';
import { type Crew, createCrew } from './bench/crew.ts';
import { type BenchOptions, parseOptions } from './bench/options.ts';
import { allPeers } from './bench/peers.ts';
import { report } from './bench/report.ts';
import type { ScenarioResult } from './bench/result.ts';
import type { Scenario } from './bench/scenario.ts';
import { allScenarios } from './bench/scenarios.ts';

/** Without these there is no bench: the load and the backend. */
const tools = [
  { program: 'wrk', debianPackage: 'wrk' },
  { program: 'nginx', debianPackage: 'nginx-light' },
];

const say = (line: string): void => console.error(line);

async function bench(options: BenchOptions): Promise<number> {
  if (options.list) {
    for (const { name, about } of allScenarios) console.log(`${name.padEnd(14)}${about}`);
    return 0;
  }
  if (options.install) await installMissing();
  const missing = await missingTools();
  if (missing.length > 0) {
    say(`The bench needs ${missing.join(' and ')}: ${installLine(missing)}`);
    return 1;
  }
  warnOfOtherLoad();
  const chosen = allScenarios.filter(scenario => options.scenarios.includes(scenario.name));
  const results: ScenarioResult[] = [];
  for (const scenario of chosen) {
    const crew = createCrew();
    const interrupted = watchSignals(crew);
    const result = await runScenario(scenario, crew, options).catch((error: Error) => {
      if (interrupted() === 0) throw error;
    });
    if (result === undefined) return interrupted();
    results.push(result);
    if (options.json !== '-') console.log(`\n${report(result)}`);
  }
  await writeJson(options, results);
  const failed = results.some(result => result.failed);
  const broken = results.some(result => result.verdicts.some(({ held }) => !held));
  return failed || (options.assert && broken) ? 1 : 0;
}

/** The exit code of a run that was interrupted; 0 until then. */
function watchSignals(crew: Crew): () => number {
  let interrupted = 0;
  for (const [signal, code] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const]) {
    process.removeAllListeners(signal);
    process.on(signal, () => {
      interrupted = code;
      // The run sees its processes end, and cleans up.
      crew.dismiss().catch((error: Error) => say(error.message));
    });
  }
  return () => interrupted;
}

async function runScenario(
  scenario: Scenario,
  crew: Crew,
  options: BenchOptions,
): Promise<ScenarioResult> {
  const folder = await mkdtemp(path.join(tmpdir(), 'relais-bench-'));
  const peers = scenario.peers.filter(peer => options.peers?.includes(peer.name) ?? true);
  try {
    return await scenario.run({ crew, folder, options, peers, say });
  } finally {
    await crew.dismiss();
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeJson(options: BenchOptions, results: readonly ScenarioResult[]): Promise<void> {
  if (options.json === undefined) return;
  const [{ model } = { model: 'unknown' }] = cpus();
  const machine = { node: process.version, cores: availableParallelism(), cpu: model };
  const text = JSON.stringify({ machine, options, results }, null, 2);
  if (options.json === '-') console.log(text);
  else await writeFile(options.json, `${text}\n`);
}

/** On a busy machine the proxies wait for a core as often as they work. */
function warnOfOtherLoad(): void {
  const [lastMinute = 0] = loadavg();
  const cores = availableParallelism();
  if (lastMinute < cores / 4) return;
  const load = `load ${lastMinute.toFixed(1)} on ${cores} cores`;
  say(`The machine is busy (${load}): req/s will be low and unsteady, CPU µs/req less so.`);
}

async function missingTools(): Promise<string[]> {
  const found = await Promise.all(tools.map(tool => hasProgram(tool.program)));
  return tools.filter((_, index) => !found[index]).map(tool => tool.debianPackage);
}

async function installMissing(): Promise<void> {
  const found = await Promise.all(allPeers.map(peer => peer.locate()));
  const absent = allPeers.flatMap((peer, index) =>
    found[index] === undefined ? (peer.debianPackage ?? []) : [],
  );
  const packages = [...new Set([...(await missingTools()), ...absent])];
  if (packages.length === 0) return;
  if (await canInstallPackages()) await installPackages(packages, say);
  else say(`--install works on Debian as root. By hand: ${installLine(packages)}`);
}

process.exitCode = await bench(
  parseOptions(
    process.argv.slice(2),
    allScenarios.map(scenario => scenario.name),
    allPeers.map(peer => peer.name),
  ),
).catch((error: Error) => {
  say(`bench: ${error.message}`);
  return 1;
});
