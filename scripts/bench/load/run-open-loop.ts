/** Runs the open-loop load in a process of its own, and reads what it wrote. */
import path from 'node:path';
import type { Crew } from '../crew.ts';
import { HOST } from '../ready.ts';
import type { OpenLoop } from './open-loop.ts';
import { isGood, percentile, type Recording, readRecording } from './recording.ts';

export const OPEN_LOOP: string = path.join(import.meta.dirname, 'open-loop.js');

export interface Latencies {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the load itself. */
  readonly lateP99Ms: number;
  readonly failed: number;
  readonly count: number;
}

export async function runOpenLoop(
  crew: Crew,
  folder: string,
  load: Pick<OpenLoop, 'port' | 'path' | 'perSecond' | 'seconds'> & Partial<OpenLoop>,
): Promise<Recording> {
  const recordingFile = path.join(folder, 'recording.json');
  const options: OpenLoop = {
    ...{ host: '127.0.0.1', hostField: HOST, patienceMs: 5_000, recordingFile },
    ...load,
  };
  const args = [OPEN_LOOP, JSON.stringify(options)];
  await crew.run('the load', { file: process.execPath, args });
  return readRecording(recordingFile);
}

export function latenciesOf({ samples }: Recording): Latencies {
  const answered = samples.filter(isGood).map(sample => sample.ms);
  return {
    p50Ms: percentile(answered, 50),
    p99Ms: percentile(answered, 99),
    lateP99Ms: percentile(
      samples.map(sample => sample.lateMs),
      99,
    ),
    failed: samples.length - answered.length,
    count: samples.length,
  };
}
