/** `lab clean`: lists what the kit has left running, then removes that and nothing else. */
import { MAX_INSTANCE } from '../../vms/address-plan.ts';
import { ownerOf } from '../../vms/lease.ts';
import { describeLease } from '../../vms/sweep.ts';
import { instanceFolder } from '../harness/run/run-folder.ts';
import { t } from '../harness/text.ts';
import { removeLab } from '../stage/remove-lab.ts';
import { ask } from './ask.ts';
import { EXIT } from './exit-codes.ts';
import type { Session } from './session.ts';

interface Found {
  readonly instance: number;
  readonly folder: string;
  readonly things: readonly string[];
  /** The run that uses it now; such an instance is left alone. */
  readonly owner: number | undefined;
}

export async function cleanCommand(
  session: Session,
  { yes, only }: { readonly yes: boolean; readonly only: number | undefined },
): Promise<number> {
  // All that could be: processes say where they belong even when their folder was deleted.
  const all = Array.from({ length: MAX_INSTANCE + 1 }, (_, instance) => instance);
  const instances = only === undefined ? all : [only];
  const found = await Promise.all(instances.map(instance => lookAt(session.home, instance)));
  const busy = found.filter(({ owner }) => owner !== undefined);
  const idle = found.filter(({ owner }) => owner === undefined);
  const full = idle.filter(({ things }) => things.length > 0);
  if (session.flags.json) {
    await remove(idle);
    session.json({ removed: full, inUse: busy });
    return EXIT.pass;
  }
  tell(session, full, busy);
  if (full.length > 0 && !yes && session.canAsk && !(await agrees(session))) return EXIT.pass;
  await remove(idle);
  if (full.length > 0) session.print(session.say(t('Removed.', 'Supprimé.')));
  return EXIT.pass;
}

async function lookAt(home: string, instance: number): Promise<Found> {
  const folder = instanceFolder(home, instance);
  const owner = ownerOf(folder)?.pid;
  return { instance, folder, things: await describeLease(folder), owner };
}

function tell(session: Session, full: readonly Found[], busy: readonly Found[]): void {
  for (const { instance, owner } of busy) {
    session.print(
      session.say(
        t(
          `Instance ${instance} is in use by process ${owner}: left alone.`,
          `L’instance ${instance} est utilisée par le processus ${owner} : on n’y touche pas.`,
        ),
      ),
    );
  }
  for (const { instance, things } of full) {
    session.print(`instance ${instance}`, ...things.map(thing => `  ${thing}`));
  }
  if (full.length === 0) session.print(session.say(t('Nothing to clean.', 'Rien à nettoyer.')));
}

async function agrees(session: Session): Promise<boolean> {
  const answer = await ask(session, t('Remove all this? [Y/n] ', 'Tout supprimer ? [O/n] '));
  return !/^n/i.test(answer);
}

async function remove(found: readonly Found[]): Promise<void> {
  for (const { folder } of found) await removeLab(folder);
}
