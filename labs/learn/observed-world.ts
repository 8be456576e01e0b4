/** What a learner can change, as last observed: machines, and what the proxy is told to do. */
import type { BackendSnapshot } from '../../proxy/index.ts';
import type { HistoryRecord, MachineRecord, ProxyRecord } from '../harness/history.ts';
import { type Text, t } from '../harness/text.ts';
import type { MachineGoal } from '../harness/world.ts';

/** What is ordered of a backend, not how it fares. */
export type BackendOrder = Pick<
  BackendSnapshot,
  'clusterId' | 'backendId' | 'address' | 'admin' | 'weight'
>;

export interface ObservedProxy extends Pick<ProxyRecord, 'mainPid' | 'workerPids' | 'stateHash'> {
  readonly backends: readonly BackendOrder[];
}

export interface ObservedWorld {
  /** Machines that were never made are not there. */
  readonly machines: ReadonlyMap<string, MachineGoal>;
  /** Undefined until the proxy has told something. */
  readonly proxy: ObservedProxy | undefined;
}

export const nothingObserved: ObservedWorld = { machines: new Map(), proxy: undefined };

export function withRecord(world: ObservedWorld, record: HistoryRecord): ObservedWorld {
  if (record.kind === 'machine') return { ...world, machines: withMachine(world, record) };
  if (record.kind === 'proxy') return { ...world, proxy: observedProxy(record) };
  return world;
}

function withMachine(
  { machines }: ObservedWorld,
  record: MachineRecord,
): ObservedWorld['machines'] {
  const { machine, state, version, failures, knobs } = record;
  const told = knobs === undefined ? {} : { knobs };
  return new Map(machines).set(machine, { state, version, failures, ...told });
}

/** A backend that leaves is the end of a removal, not a change of its own. */
function observedProxy({ mainPid, workerPids, stateHash, backends }: ProxyRecord): ObservedProxy {
  const orders = backends
    .filter(({ admin }) => admin !== 'leaving')
    .map(({ clusterId, backendId, address, admin, weight }) => ({
      clusterId,
      backendId,
      address,
      admin,
      weight,
    }));
  const pids = { mainPid, workerPids: [...workerPids].sort((a, b) => a - b) };
  return { ...pids, ...(stateHash === undefined ? {} : { stateHash }), backends: orders };
}

/** What has changed from one to the other, each in a few words; empty: nothing has. */
export function changesBetween(before: ObservedWorld, after: ObservedWorld): readonly Text[] {
  return [...machineChanges(before, after), ...proxyChanges(before.proxy, after.proxy)];
}

const notMade: MachineGoal = { state: 'not-created', version: '', failures: [] };

function machineChanges(before: ObservedWorld, after: ObservedWorld): readonly Text[] {
  const names = new Set([...before.machines.keys(), ...after.machines.keys()]);
  return [...names].flatMap(name => {
    const from = machineInWords(before.machines.get(name) ?? notMade);
    const to = machineInWords(after.machines.get(name) ?? notMade);
    return from === to ? [] : [same(`${name}: ${from} → ${to}`)];
  });
}

function machineInWords({ state, version, failures, knobs = {} }: MachineGoal): string {
  if (state === 'not-created') return state;
  const told = Object.entries(knobs).map(pair => pair.join('='));
  return [state, version, ...[...failures, ...told].sort()].join(' ');
}

function proxyChanges(
  before: ObservedProxy | undefined,
  after: ObservedProxy | undefined,
): readonly Text[] {
  if (before === undefined || after === undefined) return [];
  const changes = [...processChanges(before, after), ...backendChanges(before, after)];
  if (changes.length > 0 || before.stateHash === after.stateHash) return changes;
  return [t('the configuration of the proxy', 'la configuration du proxy')];
}

function processChanges(before: ObservedProxy, after: ObservedProxy): readonly Text[] {
  if (before.mainPid !== after.mainPid) {
    return [t('the main process of the proxy', 'le processus principal du proxy')];
  }
  if (before.workerPids.join() === after.workerPids.join()) return [];
  return [t('the workers of the proxy', 'les workers du proxy')];
}

function backendChanges(before: ObservedProxy, after: ObservedProxy): readonly Text[] {
  const [old, fresh] = [byName(before), byName(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap(name => {
    const [from, to] = [old.get(name), fresh.get(name)];
    if (from === to) return [];
    if (to === undefined) return [t(`backend ${name} removed`, `backend ${name} retiré`)];
    if (from === undefined) return [t(`backend ${name} added`, `backend ${name} ajouté`)];
    return [same(`backend ${name}: ${from} → ${to}`)];
  });
}

function byName({ backends }: ObservedProxy): ReadonlyMap<string, string> {
  return new Map(
    backends.map(({ backendId, address, admin, weight }) => [
      `${backendId} ${address}`,
      `${admin} ${weight}`,
    ]),
  );
}

function same(words: string): Text {
  return t(words, words);
}
