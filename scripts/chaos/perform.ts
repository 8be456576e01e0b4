/** One fault from beginning to end: a fresh proxy, load before, during and after, and the judgement. */
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { freePorts } from '../bench/ready.ts';
import type { Backends } from './backends/backends.ts';
import type { Fault } from './fault.ts';
import { type Judgement, judge } from './judge.ts';
import { Clients } from './load/clients.ts';
import { until } from './processes.ts';
import { ChaosProxy, HOST } from './proxy.ts';
import { Stage } from './stage.ts';

export interface Conditions {
  readonly entry: string;
  readonly folder: string;
  readonly backends: Backends;
  readonly perSecond: number;
  /** Over which the repetitions are spread, at least. */
  readonly seconds: number;
  readonly isShort: boolean;
  readonly interrupted: AbortSignal;
  readonly say: (line: string) => void;
}

export interface Performance extends Judgement {
  readonly fault: string;
  readonly about: string;
  /** How often it came to its end. */
  readonly times: number;
  readonly wanted: number;
  readonly seconds: number;
  readonly held: boolean;
}

const CALM_MS = 400;

export async function perform(fault: Fault, conditions: Conditions): Promise<Performance> {
  const folder = await mkdtemp(path.join(conditions.folder, 'proxy-'));
  const [port = 0] = await freePorts(1);
  const { entry, backends, perSecond, interrupted } = conditions;
  const settings = fault.settings ?? '';
  const proxy = new ChaosProxy({ entry, folder, port, settings, backends: backends.addresses });
  const clients = new Clients(port, HOST, perSecond, process.env);
  const stage = new Stage(proxy, backends, interrupted);
  const startedAt = performance.now();
  try {
    await proxy.writeConfig();
    await proxy.start();
    await clients.begin();
    await stage.wait(CALM_MS);
    const times = await repeat(fault, stage, conditions);
    await stage.wait(CALM_MS);
    await findDivergence(stage);
    const visits = await clients.leave();
    await findLeftovers(stage);
    const repeated = await backends.repeated();
    const { deaths, absences } = stage;
    const judgement = judge({ visits, deaths, absences, repeated });
    const seconds = (performance.now() - startedAt) / 1000;
    const problems = [...judgement.problems, ...stage.problems];
    const done = {
      fault: fault.name,
      about: fault.about,
      times,
      wanted: timesOf(fault, conditions),
    };
    const held = holds(judgement, problems);
    if (!held) conditions.say(await proxy.lastWords());
    return { ...judgement, ...done, seconds, problems, held };
  } finally {
    await clients.end();
    await proxy.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

function holds({ lanes }: Judgement, problems: readonly string[]): boolean {
  const failed = lanes.kept.failed + lanes.fresh.failed + lanes.long.failed;
  return failed === 0 && problems.length === 0;
}

function timesOf(fault: Fault, { isShort }: Conditions): number {
  return isShort ? fault.shortTimes : fault.times;
}

/** How often it was done. What goes wrong otherwise than for a request ends it, and is a problem. */
async function repeat(fault: Fault, stage: Stage, conditions: Conditions): Promise<number> {
  const times = timesOf(fault, conditions);
  const startedAt = performance.now();
  for (let round = 0; round < times; round++) {
    try {
      await fault.strike(stage, round);
    } catch (error) {
      conditions.interrupted.throwIfAborted();
      stage.problems.push(`at the ${round + 1}. time: ${(error as Error).message}`);
      return round;
    }
    const due = startedAt + ((round + 1) * conditions.seconds * 1000) / times;
    await stage.wait(Math.max(0, due - performance.now()));
  }
  return times;
}

/** Afterwards, everything is as it was: all workers serve, and what the main process says. */
async function findDivergence({ proxy, problems }: Stage): Promise<void> {
  try {
    await proxy.fullStrength();
    await until('every worker has told what it serves', async () => {
      const { workers } = await proxy.status();
      const differing = workers.filter(({ inSync }) => inSync === 'diverged');
      for (const { pid } of differing) problems.push(`worker ${pid} serves something else`);
      return workers.every(({ inSync }) => inSync !== 'unknown');
    });
  } catch (error) {
    problems.push((error as Error).message);
  }
}

async function findLeftovers(stage: Stage): Promise<void> {
  const left = await stage.proxy.stop();
  if (left.length > 0) stage.problems.push(`still there after the stop: ${left.join(', ')}`);
}
