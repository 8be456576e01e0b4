/** Does the proxy have exactly these machines as backends, and is its list free of mistakes? */
import {
  addressOf,
  type Evidence,
  type Judgement,
  judgement,
  latestMachines,
  latestSample,
} from './evidence.ts';

const noSample: Judgement = judgement(
  'unknown',
  'the proxy has not told its backends yet',
  'le proxy n’a pas encore donné ses backends',
);

function nameAt(evidence: Evidence, address: string): string {
  for (const [name, machine] of latestMachines(evidence)) {
    if (machine.address === address) return name;
  }
  return address;
}

export function judgeBackends(evidence: Evidence, machines: readonly string[]): Judgement {
  const sample = latestSample(evidence, evidence.actedAt);
  if (sample === undefined) return noSample;
  const ready = sample.backends.filter(backend => backend.admin === 'ready');
  const names = [...new Set(ready.map(({ address }) => nameAt(evidence, address)))].sort();
  const wanted = [...machines].sort();
  const [have, want] = [names.join(', ') || '–', wanted.join(', ') || '–'];
  if (have === want) return judgement('pass', `backends: ${have}`, `backends : ${have}`);
  return judgement(
    'fail',
    `backends: ${have}; expected ${want}`,
    `backends : ${have} ; attendu ${want}`,
  );
}

/** Passes when there is a mistake: it is used as a diagnosis. */
export function judgeAddressMistake(evidence: Evidence): Judgement {
  const sample = latestSample(evidence, evidence.stepStartedAt);
  if (sample === undefined) return noSample;
  const addresses = sample.backends.map(({ address }) => address);
  const twice = addresses.find((address, index) => addresses.indexOf(address) !== index);
  if (twice !== undefined) {
    return judgement('pass', `${twice} appears twice`, `${twice} figure deux fois`);
  }
  const missing = evidence.backends.find(
    name => !addresses.includes(addressOf(evidence, name) ?? ''),
  );
  if (missing !== undefined) {
    return judgement('pass', `${missing} is in no cluster`, `${missing} n’est dans aucun cluster`);
  }
  return judgement('fail', 'the list has no mistake', 'la liste est sans erreur');
}
