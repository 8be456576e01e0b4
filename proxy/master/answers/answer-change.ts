/** Has changes made and says how it went. */
import type { ChangeRequest } from '../../command/requests.ts';
import { plural } from '../../shared/plural.ts';
import type { ChangeDone, ChangeQueue } from '../changes/change-queue.ts';
import type { Asker } from '../command-socket/command-session.ts';
import type { NamedBackends } from '../names/named-backends.ts';

export async function answerChange(
  queue: ChangeQueue,
  names: NamedBackends,
  asker: Asker,
  requests: readonly ChangeRequest[],
): Promise<void> {
  const { dryRun } = asker;
  const done = await queue.submit({ requests, dryRun });
  // Who adds a backend by its name may remove the last other one next.
  const unknown = dryRun ? '' : await names.lookedUp(done.effects);
  const sentence = dryRun ? `would do: ${summary(done)}` : summary(done);
  const message = [sentence, ...lateness(done), unknown].filter(part => part !== '').join('; ');
  const { changes, workers } = done;
  asker.reply({ status: 'ok', message, content: { changes, workers } });
}

function summary({ changes, workers }: ChangeDone): string {
  const [only = '', ...others] = changes;
  const where = workers === 0 ? '' : ` on ${plural(workers, 'worker')}`;
  if (others.length > 0) return `${plural(changes.length, 'change')}${where}`;
  const [what, ...notes] = only.split('; ');
  return [`${what}${where}`, ...notes].join('; ');
}

function lateness({ late }: ChangeDone): string[] {
  return late.map(id => `worker ${id} has not answered yet and is brought up to date later`);
}
