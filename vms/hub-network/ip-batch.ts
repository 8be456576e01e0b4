/** Changes a network by lines for `ip -batch`: many at once, in the order given. */
import { mustRun } from '../programs/command.ts';
import type { Marks } from '../programs/marked-processes.ts';
import type { ProcessIdentity } from '../programs/process-identity.ts';
import { inside, type Rights } from './namespace.ts';

/** Does them in the network of this holder; rejects with what `ip` said about the first that fails. */
export async function ipBatch(
  holder: ProcessIdentity,
  rights: Rights,
  lines: readonly string[],
  marks: Marks,
): Promise<void> {
  await mustRun(inside(holder, rights, ['ip', '-batch', '-']), {
    input: lines.map(line => `${line}\n`).join(''),
    env: marks,
  });
}
