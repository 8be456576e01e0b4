/** `lab doctor --fix`: shows what would help, and does what it may, one thing after the other. */
import { type Text, t } from '../../harness/text.ts';
import type { Deed, Finding } from '../finding.ts';

export interface Mender {
  say(text: Text): void;
  /**
   * May this be done? `nobody`: it cannot be asked. Whoever said yes to everything has said so for
   * what labs need, not for what would be nice to have.
   */
  consent(isNeeded: boolean): Promise<'yes' | 'no' | 'nobody'>;
  /** Rejects with what went wrong. */
  perform(deed: Deed): Promise<void>;
}

export interface Mended {
  readonly done: number;
  readonly failed: number;
}

export async function mend(findings: readonly Finding[], mender: Mender): Promise<Mended> {
  const mendable = findings.filter(isMendable).sort((one, other) => rank(one) - rank(other));
  if (mendable.length === 0) mender.say(t('There is nothing to mend.', 'Il n’y a rien à réparer.'));
  let [done, failed] = [0, 0];
  for (const finding of mendable) {
    const outcome = await mendOne(finding, mender);
    if (outcome === 'done') done += 1;
    if (outcome === 'failed') failed += 1;
  }
  return { done, failed };
}

/** What is only untried, or told by the way, is not broken; what nobody needs is only offered. */
function isMendable({ state, fix }: Finding): boolean {
  if (fix === undefined) return false;
  return isNeeded(state) || (state === 'optional' && fix.deed !== undefined);
}

function isNeeded(state: Finding['state']): boolean {
  return state === 'missing' || state === 'limited';
}

/** First what costs nothing, last what nobody needs; else in the order in which it was told. */
function rank({ state, fix }: Finding): number {
  if (!isNeeded(state)) return 2;
  return fix?.deed?.kind === 'sweep' ? 0 : 1;
}

async function mendOne(
  { what, found, state, fix = {} }: Finding,
  mender: Mender,
): Promise<'done' | 'failed' | 'left'> {
  const { command, say, deed } = fix;
  mender.say(t(`\n${what.en}: ${found.en}`, `\n${what.fr} : ${found.fr}`));
  if (command !== undefined) mender.say(t(`  ${command}`, `  ${command}`));
  if (say !== undefined) mender.say(t(`  ${say.en}`, `  ${say.fr}`));
  if (deed === undefined) {
    mender.say(t('  This is left to you.', '  Ceci reste à faire par vous.'));
    return 'left';
  }
  const consent = await mender.consent(isNeeded(state));
  if (consent === 'no') return 'left';
  if (consent === 'nobody') {
    mender.say(
      t(
        '  Not done: nobody can be asked. Say --yes to have it done.',
        '  Pas fait : il n’y a personne à qui demander. Dites --yes pour que ce le soit.',
      ),
    );
    return 'left';
  }
  try {
    await mender.perform(deed);
    mender.say(t('  Done.', '  Fait.'));
    return 'done';
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    mender.say(t(`  It failed: ${why}`, `  Échec : ${why}`));
    return 'failed';
  }
}
