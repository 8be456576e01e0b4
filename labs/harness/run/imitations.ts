/** What is not done truly here, and what is done in its place. */
import path from 'node:path';
import { HERE } from '../../../vms/platform.ts';
import type { Capabilities } from '../../../vms/provider.ts';
import type { Imitable } from '../lab.ts';
import { findProgram } from './find-program.ts';

/** The path of Prometheus on this computer; undefined: it is not installed. */
export const prometheusProgram: string | undefined = findProgram('prometheus', searchPath(), [
  HERE === 'win32' ? '.exe' : '',
]);

/** How it is imitated; undefined: it is real. */
export function imitationOf(
  what: Imitable,
  { failures, silentConnects = true }: Capabilities,
): string | undefined {
  if (what === 'prometheus') return prometheusProgram === undefined ? standIn : undefined;
  if (what === 'silent-connect') {
    return silentConnects
      ? undefined
      : imitationOf('blackhole', { realAddresses: false, failures });
  }
  const fidelity = failures[what];
  return fidelity.kind === 'imitated' ? fidelity.how : undefined;
}

const standIn =
  'it is not installed (on Debian: apt install prometheus), so a small program of the kit reads ' +
  'the metrics in its place and shows their sums';

function searchPath(): readonly string[] {
  // biome-ignore lint/style/noProcessEnv: where the shell looks for programs, too
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return folders.filter(folder => folder !== '');
}
