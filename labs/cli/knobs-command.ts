/** `lab knobs`: how the app of a machine shall behave, said in the app's own words. */
import type { Knobs } from '../../vms/machine.ts';
import { LabError } from '../harness/errors.ts';
import { table } from '../harness/narrator/layout.ts';
import { unknownName } from '../harness/nearest.ts';
import { t } from '../harness/text.ts';
import { requireStage } from '../stage/attach-stage.ts';
import { EXIT } from './exit-codes.ts';
import { machineNamed } from './machine-names.ts';
import type { Session } from './session.ts';

/** Without words it only shows them. */
export async function knobsCommand(
  session: Session,
  typed: string,
  words: readonly string[],
): Promise<number> {
  const machine = machineNamed(typed);
  const change = words.length === 1 && words[0] === 'reset' ? 'reset' : parsePairs(words);
  const { room } = await requireStage(session.home, session.flags.instance);
  const before = await room.knobs(machine);
  if (change !== 'reset') checkNames(change, before);
  const inForce = words.length === 0 ? before : await room.knobs(machine, change);
  if (session.flags.json) {
    session.json({ machine, knobs: inForce });
    return EXIT.pass;
  }
  const head = session.say(t('knob|value', 'réglage|valeur'));
  const rows = Object.entries(inForce).map(([name, value]) => [name, String(value)]);
  session.print(machine, ...table([head.split('|'), ...rows]));
  return EXIT.pass;
}

/** `delayMs=500 statusFailing=true`. */
export function parsePairs(words: readonly string[]): Knobs {
  return Object.fromEntries(words.map(parsePair));
}

function parsePair(word: string): [string, number | boolean] {
  const [, name = '', text = ''] = /^([^=]+)=(.+)$/.exec(word) ?? [];
  if (name !== '' && (text === 'true' || text === 'false')) return [name, text === 'true'];
  const value = Number(text);
  if (name !== '' && text.trim() !== '' && Number.isFinite(value)) return [name, value];
  throw new LabError(
    'LAB_USAGE',
    `"${word}" is no knob with a value. Write it as delayMs=500 or statusFailing=true, or reset for all.`,
  );
}

function checkNames(change: Knobs, known: Knobs): void {
  const names = Object.keys(known);
  const wrong = Object.keys(change).find(name => !names.includes(name));
  if (wrong !== undefined) throw new LabError('LAB_USAGE', unknownName('knob', wrong, names));
}
