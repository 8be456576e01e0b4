/** What another terminal must know to find the lab that runs: one file per instance. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ProviderName } from '../../vms/provider.ts';
import { replaceFile } from '../../vms/replace-file.ts';
import type { LabShell } from '../harness/run/stage.ts';
import type { Language } from '../harness/text.ts';

export interface StageNote {
  readonly lab: string;
  readonly provider: ProviderName;
  readonly subnet: string;
  readonly label: string;
  readonly url: string;
  readonly commandSocket: string;
  readonly configFile: string;
  /** The program that is started as the proxy. */
  readonly proxyEntry: string;
  /** Ports of 127.0.0.1 that are opened for it outside. */
  readonly proxyPorts: readonly number[];
  readonly seed: number;
  readonly language: Language;
  /** Where the lines of the lab are typed. */
  readonly shell: Pick<LabShell, 'cwd' | 'env'>;
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
  replaceFile(fresh, fileIn(folder));
}

export async function removeStageNote(folder: string): Promise<void> {
  await rm(fileIn(folder), { force: true });
}
