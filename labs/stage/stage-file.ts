/** What another terminal must know to find the lab that runs: one file per instance. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ProviderName } from '../../vms/provider.ts';
import type { Language } from '../harness/text.ts';

export interface StageNote {
  readonly lab: string;
  readonly provider: ProviderName;
  readonly subnet: string;
  readonly label: string;
  readonly url: string;
  readonly commandSocket: string;
  readonly configFile: string;
  readonly seed: number;
  readonly language: Language;
  /** Left running on purpose, for nobody's run. */
  readonly left: boolean;
}

function fileIn(folder: string): string {
  return path.join(folder, 'stage.json');
}

export async function readStageNote(folder: string): Promise<StageNote | undefined> {
  try {
    return JSON.parse(await readFile(fileIn(folder), 'utf8')) as StageNote;
  } catch {
    return undefined;
  }
}

/** Replaced in one move: a reader sees the old note or the new one. */
export async function writeStageNote(folder: string, note: StageNote): Promise<void> {
  await mkdir(folder, { recursive: true });
  const fresh = `${fileIn(folder)}.${process.pid}.new`;
  await writeFile(fresh, `${JSON.stringify(note, null, 2)}\n`);
  await rename(fresh, fileIn(folder));
}

export async function removeStageNote(folder: string): Promise<void> {
  await rm(fileIn(folder), { force: true });
}
