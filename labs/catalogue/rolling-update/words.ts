/** What the steps of the rolling-update lab have in common. */
import type { Action, Word } from '../../harness/actions.ts';
import type { Kit } from '../../harness/words.ts';
import type { oldMachines } from '../machines.ts';

export type Machine = keyof typeof oldMachines;
export type Words = Kit<Machine>;

function readyWhenHealthy({ addressOf }: Words, machine: Machine): readonly Word[] {
  const named = ['--id', 'webapp', '--address', addressOf(machine)] as const;
  return ['backend', 'ready', ...named, '--when-healthy', '15'];
}

/** All others are in service: after it the proxy is as at the start of the lab. */
export function backIn(kit: Words, machine: Machine): Action {
  return kit.proxy.relais(readyWhenHealthy(kit, machine), { replayed: 'starts-over' });
}

/** For a machine that will not come back: a shell goes on, as an operator does. */
export function tryBackIn(kit: Words, machine: Machine): Action {
  const words = readyWhenHealthy(kit, machine).flatMap(word => [' ', word]);
  return kit.shell(['relais', ...words, ' || echo "STOP"'], { replayed: false });
}
