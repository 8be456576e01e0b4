/** `lab up`, `down`, `heal`, `measure`: the machines of the running lab, from any terminal. */

import type { MachineName } from '../../vms/address-plan.ts';
import type { MachineStatus } from '../../vms/machine.ts';
import { allMachines, oldMachines } from '../catalogue/machines.ts';
import { defineLab } from '../harness/define-lab.ts';
import type { Lab } from '../harness/lab.ts';
import { table } from '../harness/narrator/layout.ts';
import { measureMachines } from '../harness/run/measure.ts';
import { Recorder } from '../harness/run/recorder.ts';
import { instanceFolder } from '../harness/run/run-folder.ts';
import { type Text, t } from '../harness/text.ts';
import { type Attached, attachStage, requireStage } from '../stage/attach-stage.ts';
import { writeToJournal } from '../stage/journal.ts';
import { EXIT } from './exit-codes.ts';
import { failureOptions, type TypedOptions } from './failure-options.ts';
import { failureNamed, machineNamed } from './machine-names.ts';
import { narratorOf, type Session } from './session.ts';

export async function upCommand(session: Session, typed: readonly string[]): Promise<number> {
  const names = typed.map(machineNamed);
  const attached = await attachStage(session.home, session.flags.instance);
  const statuses =
    attached === undefined
      ? await openPlayground(session, names)
      : await bringUp(session, attached, names);
  if (session.flags.json) session.json(statuses);
  else session.print(...machineTable(session, statuses));
  return EXIT.pass;
}

async function bringUp(
  session: Session,
  { room, specs, note }: Attached,
  names: readonly MachineName[],
): Promise<readonly MachineStatus[]> {
  const wanted = names.length > 0 ? names : Object.keys(oldMachines);
  const deployed = new Map((await room.status()).map(({ name, version }) => [name, version]));
  await Promise.all(
    wanted.flatMap(name => {
      const spec = specs.get(name);
      if (spec === undefined) return [];
      const version = deployed.get(name) ?? spec.app.version;
      return [room.up({ ...spec, app: { ...spec.app, version } }, session.signal)];
    }),
  );
  if (!session.flags.json) session.print(note.url);
  return room.status();
}

/** Machines and proxy without a lesson, left running as `vagrant up` does. */
async function openPlayground(
  session: Session,
  names: readonly MachineName[],
): Promise<readonly MachineStatus[]> {
  const { options, signal } = session;
  const lab = playground(names);
  const { chooseProvider, realParts } = await import('./real-parts.ts');
  const parts = realParts(session.env, narratorOf(session));
  const provider = await chooseProvider(options.machines, options);
  const claim = await parts.claim(options, 'lab up');
  try {
    const proxyFolder = `${instanceFolder(options.home, options.instance)}/proxy`;
    const progress = (text: Text): void => parts.narrator.progress(text);
    const stage = await parts.openStage({ lab, provider, options, proxyFolder, progress }, signal);
    const statuses = await stage.room.status();
    await stage.leave();
    if (!session.flags.json) session.print(stage.url);
    return statuses;
  } finally {
    await claim.release();
  }
}

function playground(names: readonly MachineName[]): Lab {
  const words = t('Machines and a proxy', 'Des machines et un proxy');
  return defineLab({
    id: 'playground',
    title: words,
    summary: words,
    minutes: 0,
    machines: allMachines,
    backends: names.length > 0 ? names : ['webapp1', 'webapp2', 'webapp3'],
    visitors: {},
    steps: ({ expect }) => [
      {
        id: 'play',
        title: words,
        minutes: 0,
        say: words,
        act: [],
        check: [{ id: 'site', claim: words, probe: expect.status(200) }],
      },
    ],
  });
}

export async function downCommand(
  session: Session,
  typed: string,
  { how, ...degree }: TypedOptions & { readonly how: string },
): Promise<number> {
  const [machine, verb] = [machineNamed(typed), failureNamed(how)];
  const options = failureOptions(verb, degree);
  const { room } = await requireStage(session.home, session.flags.instance);
  const native = room.nativeLine(verb, machine);
  const fidelity = await room.fail(machine, verb, options);
  const statuses = await room.status();
  if (session.flags.json) {
    session.json({ machine, verb, fidelity, machines: statuses });
    return EXIT.pass;
  }
  if (fidelity.kind === 'imitated') {
    session.print(session.say(t(`! imitated: ${fidelity.how}`, `! imité : ${fidelity.how}`)));
  }
  session.print(...machineTable(session, statuses), ...toldNatives(session, [native]));
  return EXIT.pass;
}

/** What does the same, for whoever would rather type that the next time. */
function toldNatives(session: Session, natives: readonly (string | undefined)[]): string[] {
  return natives.flatMap(line =>
    line === undefined ? [] : session.say(t(`or: ${line}`, `ou : ${line}`)),
  );
}

export async function healCommand(session: Session, typed: string | undefined): Promise<number> {
  const { room } = await requireStage(session.home, session.flags.instance);
  const names =
    typed === undefined
      ? (await room.status()).filter(isUnwell).map(({ name }) => name)
      : [machineNamed(typed)];
  const natives = names.map(name => room.nativeLine('heal', name));
  await Promise.all(names.map(name => room.heal(name, session.signal)));
  const statuses = await room.status();
  if (session.flags.json) session.json(statuses);
  else session.print(...machineTable(session, statuses), ...toldNatives(session, natives));
  return EXIT.pass;
}

function isUnwell({ failures, knobs }: MachineStatus): boolean {
  return failures.length > 0 || knobs !== undefined;
}

export async function measureCommand(session: Session, typed: readonly string[]): Promise<number> {
  const names = typed.map(machineNamed);
  const { room } = await requireStage(session.home, session.flags.instance);
  const machines = names.length > 0 ? names : (await room.status()).map(({ name }) => name);
  const recorder = new Recorder(() => performance.now());
  await measureMachines(machines, room, recorder);
  const connects = recorder.records.filter(record => record.kind === 'connect');
  const folder = instanceFolder(session.home, session.flags.instance);
  writeToJournal(
    folder,
    connects.map(({ at: _, ...entry }) => entry),
  );
  if (session.flags.json) session.json(connects);
  else narratorOf(session).measured(connects);
  return EXIT.pass;
}

export function machineTable(
  session: Session,
  statuses: readonly MachineStatus[],
): readonly string[] {
  const head = session.say(
    t(
      'machine|state|address|own port|version|failures',
      'machine|état|adresse|port propre|version|pannes',
    ),
  );
  const rows = statuses.map(({ name, state, address, forwarded, version, failures, knobs }) => [
    name,
    state,
    address,
    forwarded ?? '–',
    version,
    [...failures, ...Object.entries(knobs ?? {}).map(pair => pair.join('='))].join(', ') || '–',
  ]);
  return table([head.split('|'), ...rows]);
}
