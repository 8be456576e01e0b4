/**
 * What a learner has done in all labs: one file in the home of the labs, without an account. Ids of
 * labs, steps and choices are the same in every language, so that changing it loses nothing.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { replaceFile } from '../../vms/replace-file.ts';
import type { Lab } from '../harness/lab.ts';
import type { Language } from '../harness/text.ts';
import type { LabProgress, ProgressOfLab } from './lab-progress.ts';

const VERSION = 1;

const labProgress = z.object({
  step: z.string(),
  done: z.array(z.string()),
  skipped: z.array(z.string()),
  predictions: z.record(
    z.string(),
    z.object({ chosen: z.string(), happened: z.string().exactOptional() }),
  ),
});
const file = z.object({
  version: z.literal(VERSION),
  language: z.enum(['en', 'fr']).exactOptional(),
  /** The lab that was learned last. */
  last: z.string().exactOptional(),
  labs: z.record(z.string(), labProgress),
});

export interface Progress {
  readonly language?: Language;
  readonly last?: string;
  readonly labs: Readonly<Record<string, LabProgress>>;
}

export interface ProgressRead {
  readonly progress: Progress;
  /** Where a file that could not be understood was put; it is never overwritten. */
  readonly setAside: string | undefined;
}

export function progressFile(home: string): string {
  return path.join(home, 'progress.json');
}

/** A file that is damaged, or of a later version, is set aside under another name. */
export function readProgress(home: string): ProgressRead {
  const text = readText(progressFile(home));
  if (text === undefined) return { progress: { labs: {} }, setAside: undefined };
  const read = file.safeParse(parsed(text));
  if (read.success) return { progress: read.data, setAside: undefined };
  return { progress: { labs: {} }, setAside: setAside(home) };
}

function readText(name: string): string | undefined {
  try {
    return readFileSync(name, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function setAside(home: string): string {
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const other = path.join(home, `progress.unreadable-${stamp}.json`);
  renameSync(progressFile(home), other);
  return other;
}

/** Two sessions may learn two labs at a time: only this part of what is there is replaced. */
export function changeProgress(home: string, change: (progress: Progress) => Progress): void {
  const { progress } = readProgress(home);
  mkdirSync(home, { recursive: true });
  const fresh = `${progressFile(home)}.${process.pid}.new`;
  const text = JSON.stringify({ version: VERSION, ...change(progress) }, null, 2);
  writeFileSync(fresh, `${text}\n`);
  replaceFile(fresh, progressFile(home));
}

/** What the session of one lab reads at its begin, and tells of every change. */
export function progressOfLab(home: string, lab: string): ProgressOfLab {
  const { labs } = readProgress(home).progress;
  return {
    before: Object.hasOwn(labs, lab) ? labs[lab] : undefined,
    save: progress => {
      changeProgress(home, all => ({ ...all, last: lab, labs: { ...all.labs, [lab]: progress } }));
    },
  };
}

export interface LabStanding {
  /** `○` never begun, `◐` begun, `✓` every step done. */
  readonly mark: '○' | '◐' | '✓';
  readonly done: number;
  readonly skipped: number;
  readonly steps: number;
  readonly predicted: number;
  readonly right: number;
}

/** `◐ 2/5`. */
export function standingText({ mark, done, steps }: LabStanding): string {
  return `${mark} ${done}/${steps}`;
}

/** Steps that the lab no longer has do not count. */
export function standingOf({ id, steps }: Lab, { labs }: Progress): LabStanding {
  const own = Object.hasOwn(labs, id) ? labs[id] : undefined;
  const among = (ids: readonly string[] = []): number =>
    steps.filter(step => ids.includes(step.id)).length;
  const graded = Object.values(own?.predictions ?? {}).filter(each => each.happened !== undefined);
  const done = among(own?.done);
  const ended = done === steps.length ? '✓' : '◐';
  return {
    mark: own === undefined ? '○' : ended,
    done,
    skipped: among(own?.skipped),
    steps: steps.length,
    predicted: graded.length,
    right: graded.filter(({ chosen, happened }) => chosen === happened).length,
  };
}
