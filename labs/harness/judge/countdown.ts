/** Was the proxy seen counting failed health checks of a machine, before it took the machine out? */
import { addressOf, type Evidence, type Judgement, judgement, recordsOf } from './evidence.ts';

export function judgeCountdown(evidence: Evidence, machine: string, atLeast: number): Judgement {
  const address = addressOf(evidence, machine);
  const counts = recordsOf(evidence, 'proxy', evidence.stepStartedAt).flatMap(({ backends }) =>
    backends.flatMap(({ address: at, healthy, check }) =>
      at === address && healthy && check !== undefined ? [check] : [],
    ),
  );
  const most = counts.reduce<(typeof counts)[number] | undefined>(
    (before, one) => (before === undefined || one.against > before.against ? one : before),
    undefined,
  );
  if (most === undefined) {
    return judgement(
      'unknown',
      `no health checks of ${machine} were seen`,
      `aucun contrôle de santé de ${machine} n’a été vu`,
    );
  }
  const count = `${most.against}/${most.needed}`;
  return judgement(
    most.against >= atLeast ? 'pass' : 'fail',
    `failed checks of ${machine}: ${count}`,
    `contrôles ratés de ${machine} : ${count}`,
  );
}
