/** The environment in which the lines of a lab work as they are printed: `relais …`, `lab …`. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { NativeProgram } from '../../vms/native-words.ts';
import { wordsAsTyped } from '../harness/posix-shell.ts';
import type { RunOptions } from '../harness/run/lab-parts.ts';
import { instanceFolder } from '../harness/run/run-folder.ts';
import type { LabShell } from '../harness/run/stage.ts';
import { quoted } from './learner-shell.ts';

const labEntry = path.resolve(import.meta.dirname, '../../bin/lab.js');

export interface LabShellFacts {
  readonly configFile: string;
  readonly marks: LabShell['marks'];
  /** What makes the machines, to be typed in the lab's shell. */
  readonly native: NativeProgram | undefined;
  readonly options: Pick<RunOptions, 'home' | 'instance' | 'proxyEntry' | 'language'>;
}

/** Where the two commands lie; gone when the stage is. */
export function commandsFolder(folder: string): string {
  return path.join(folder, 'bin');
}

/** Writes the two commands into the instance's folder; they are replaced when they are there. */
export async function makeLabShell({
  configFile,
  marks,
  native,
  options,
}: LabShellFacts): Promise<LabShell> {
  const { home, instance, proxyEntry, language } = options;
  const bin = commandsFolder(instanceFolder(home, instance));
  await mkdir(bin, { recursive: true });
  // A proxy that somebody starts by hand is found by its marks when the lab is taken down.
  const node = process.execPath;
  await writeCommand(path.join(bin, 'relais'), [node, proxyEntry], marks);
  await writeCommand(path.join(bin, 'lab'), [node, labEntry], {});
  if (native !== undefined) {
    await writeCommand(path.join(bin, native.name), native.argv, { ...marks, ...native.env });
  }
  return {
    cwd: path.dirname(configFile),
    marks,
    env: {
      LAB_BIN: bin,
      RELAIS_CONFIG: configFile,
      LAB_HOME: home,
      LAB_INSTANCE: String(instance),
      LAB_LANG: language,
    },
  };
}

async function writeCommand(
  file: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const exports = Object.entries({ ...env, ...wordsAsTyped() });
  const marking = exports.map(([name, value]) => `export ${name}=${quoted(value)}`);
  const program = argv.map(quoted).join(' ');
  await writeFile(file, ['#!/bin/sh', ...marking, `exec ${program} "$@"`, ''].join('\n'));
  await chmod(file, 0o755);
}
