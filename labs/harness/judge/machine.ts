/** Is a machine in this state, with this version of its app and this failure in force? */
import type { MachineRecord } from '../history.ts';
import type { MachineLook } from '../probes.ts';
import { type Evidence, type Judgement, judgement, latestMachines } from './evidence.ts';

export function judgeMachine(evidence: Evidence, name: string, look: MachineLook): Judgement {
  const record = latestMachines(evidence).get(name);
  if (record === undefined) {
    if (look.state === 'not-created') {
      return judgement('pass', `${name}: not created`, `${name} : pas créée`);
    }
    return judgement('fail', `${name} was never started`, `${name} n’a jamais démarré`);
  }
  const seen = described(record);
  const kind = looksSo(record, look) ? 'pass' : 'fail';
  return judgement(kind, `${name}: ${seen}`, `${name} : ${seen}`, [record]);
}

function described({ state, version, failures, knobs = {} }: MachineRecord): string {
  const told = Object.entries(knobs).map(pair => pair.join('='));
  return [state, version, ...failures, ...told].join(', ');
}

function looksSo(record: MachineRecord, look: MachineLook): boolean {
  const { state, version, failure, knobs = {} } = look;
  if (state !== undefined && record.state !== state) return false;
  if (version !== undefined && record.version !== version) return false;
  const told = record.knobs ?? {};
  const isOther = ([name, value]: readonly [string, number | boolean]): boolean =>
    Number(told[name] ?? 0) !== Number(value);
  if (Object.entries(knobs).some(isOther)) return false;
  if (failure === undefined) return true;
  return failure === 'none' ? record.failures.length === 0 : record.failures.includes(failure);
}
