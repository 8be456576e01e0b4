/** The run: start everything, measure in interleaved rounds, end everything. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hasProgram, installLine } from '../debian.ts';
import { BACKEND_BODY, startBackend } from './backend.ts';
import type { Crew, CrewMember } from './crew.ts';
import type { BenchOptions } from './options.ts';
import type { Peer } from './peer.ts';
import { usageOfTree } from './process-usage.ts';
import { answersWith, freePorts } from './ready.ts';
import type { PeerResult, Round } from './result.ts';
import { type Load, runWrk } from './wrk.ts';

const HOST = 'bench.test';

/** A peer that runs: the rounds are added as they are measured. */
interface Runner {
  readonly peer: Peer;
  readonly member: CrewMember;
  readonly port: number;
  readonly rounds: Round[];
}

export async function runBench(
  crew: Crew,
  peers: readonly Peer[],
  options: BenchOptions,
  say: (line: string) => void,
): Promise<PeerResult[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'relais-bench-'));
  try {
    const [backendPort = 0, ...ports] = await freePorts(peers.length + 1);
    const backend = await startBackend(crew, folder, backendPort);
    await answersWith(backend, backendPort, HOST, BACKEND_BODY);
    const started: (Runner | PeerResult)[] = [];
    for (const [index, peer] of peers.entries()) {
      started.push(await startPeer(peer, { crew, folder, backendPort, port: ports[index] ?? 0 }));
    }
    const runners = started.filter(entry => 'peer' in entry);
    for (let round = 1; round <= options.rounds; round++) {
      for (const runner of inTurn(runners, round)) {
        say(`round ${round} of ${options.rounds}: ${runner.peer.name}`);
        runner.rounds.push(await measure(crew, runner, options));
      }
    }
    return started.map(entry =>
      'peer' in entry ? { name: entry.peer.name, state: 'measured', rounds: entry.rounds } : entry,
    );
  } finally {
    await crew.dismiss();
    await rm(folder, { recursive: true, force: true });
  }
}

async function startPeer(
  peer: Peer,
  place: { crew: Crew; folder: string; backendPort: number; port: number },
): Promise<Runner | PeerResult> {
  if (peer.needs !== undefined && !(await hasProgram(peer.needs.program))) {
    return { name: peer.name, state: 'missing', fix: installLine([peer.needs.debianPackage]) };
  }
  try {
    const member = await peer.start({ ...place, host: HOST });
    await answersWith(member, place.port, HOST, BACKEND_BODY);
    return { peer, member, port: place.port, rounds: [] };
  } catch (error) {
    return { name: peer.name, state: 'failed', reason: (error as Error).message };
  }
}

/** Each round starts with another peer, so that nobody always follows the same one. */
function inTurn(runners: readonly Runner[], round: number): Runner[] {
  const first = (round - 1) % Math.max(1, runners.length);
  return [...runners.slice(first), ...runners.slice(0, first)];
}

async function measure(crew: Crew, runner: Runner, options: BenchOptions): Promise<Round> {
  const { member, port } = runner;
  const load: Omit<Load, 'seconds'> = {
    url: `http://127.0.0.1:${port}/`,
    host: HOST,
    connections: options.connections,
  };
  try {
    await runWrk(crew, { ...load, seconds: options.warmUpSeconds });
    const before = await usageOfTree(member.pid);
    const result = await runWrk(crew, { ...load, seconds: options.seconds });
    const after = await usageOfTree(member.pid);
    if (!member.isRunning()) return unmeasured(`the peer ended: ${member.words()}`);
    const cpuMicros = before && after && after.cpuMicros - before.cpuMicros;
    return {
      requestsPerSecond: result.requestsPerSecond,
      cpuMicrosPerRequest: cpuMicros && cpuMicros / result.requests,
      rssBytes: after?.rssBytes,
      invalid: result.invalid,
    };
  } catch (error) {
    if (crew.isDismissed()) throw error;
    return unmeasured((error as Error).message);
  }
}

function unmeasured(invalid: string): Round {
  return { requestsPerSecond: 0, cpuMicrosPerRequest: undefined, rssBytes: undefined, invalid };
}
