/** What the steps of the circuit-breaker lab have in common. */
import type { Check, Diagnosis } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import type { Kit } from '../../harness/words.ts';
import type { oldMachines } from '../machines.ts';
import { noVisitorGotAnError } from '../promises.ts';

export type Words = Kit<keyof typeof oldMachines>;

export type Name = keyof typeof oldMachines;

/** `spared` is a machine that is well all the while: nobody has to get an error. */
export function nobodyFails(expect: Words['expect'], spared: Name): Check {
  return {
    ...noVisitorGotAnError(expect),
    because: [
      {
        when: expect.machine(spared, { state: 'running', failure: 'none' }),
        say: t(
          `${spared} was well all the time: the proxy gave up where it had to try the next machine.`,
          `${spared} allait bien pendant tout ce temps : le proxy a renoncé là où il devait essayer la machine suivante.`,
        ),
      },
    ],
  };
}

/** Nobody tells the proxy: it tries again by itself, when the breaker's time is over. */
export function stillOpen(expect: Words['expect'], machine: Name): readonly Diagnosis[] {
  return [
    {
      when: expect.machine(machine, { state: 'poweroff' }),
      say: t(
        `${machine} is still without power: \`lab status\`.`,
        `${machine} est toujours sans courant : \`lab status\`.`,
      ),
    },
    {
      when: expect.breaker('open', machine),
      say: t(
        `The breaker of ${machine} is still open, so the proxy does not try it. \`relais backend list\` counts the seconds; \`relais backend add\` with its address ends the wait.`,
        `Le disjoncteur de ${machine} est encore ouvert, donc le proxy ne l’essaie pas. \`relais backend list\` compte les secondes ; \`relais backend add\` avec son adresse met fin à l’attente.`,
      ),
    },
    {
      when: expect.breaker('half-open', machine),
      say: t(
        `${machine} was given a trial, and its breaker does not close although the machine is well.`,
        `${machine} a eu droit à un essai, et son disjoncteur ne se referme pas alors que la machine va bien.`,
      ),
    },
  ];
}

/** One answered trial is not enough: after it the machine has its turn again. */
export function breakerClosed(expect: Words['expect'], machine: Name): Check {
  return {
    id: `${machine}-closed`,
    claim: t(
      `The breaker of ${machine} has closed again`,
      `Le disjoncteur de ${machine} s’est refermé`,
    ),
    probe: expect.breaker('closed', machine),
    window: { within: '30s', for: '500ms' },
    because: stillOpen(expect, machine),
  };
}
