/** Gathers all that the doctor knows: what the system tells, and what came of the trials. */
import type { FailureVerb } from '../../../vms/machine.ts';
import type { Provider } from '../../../vms/provider.ts';
import type { BrowserFound, BrowserMissing } from '../../browser/find-browser.ts';
import type { Lab } from '../../harness/lab.ts';
import type {
  BrowserFact,
  Facts,
  LeftOver,
  MachinesFact,
  OnlineFact,
  PackageNeed,
  TrialFact,
} from '../facts.ts';
import type { System } from '../system.ts';
import { gatherComputer } from './computer.ts';
import { gatherLinux } from './linux.ts';
import { gatherMac, gatherWindows } from './mac-and-windows.ts';
import { gatherInstance, gatherNames, gatherTerminal } from './surroundings.ts';
import { gatherTools } from './tools.ts';

/** One kind of machines; Vagrant makes one with each engine. */
export interface Candidate {
  /** `netns`, `vagrant lxc`: as `--try` takes it, by any of its words. */
  readonly name: string;
  readonly provider: Provider;
}

/** What is done rather than read. */
export interface Deeds {
  readonly candidates: readonly Candidate[];
  readonly labs: readonly Lab[];
  findBrowser(): Promise<BrowserFound | BrowserMissing>;
  tryMachine(provider: Provider): Promise<TrialFact>;
  tryProxy(): Promise<TrialFact>;
  tryBrowser(executablePath: string): Promise<TrialFact>;
  /** Debian packages that machines of this kind want and that are not here. */
  readonly missingPackages: (need: PackageNeed) => Promise<readonly string[]>;
  leftOvers(): Promise<readonly LeftOver[]>;
  /** Absent: nothing may leave this computer. */
  tryDownloads?(): Promise<readonly OnlineFact[]>;
}

export interface Wanted {
  readonly kit: string;
  readonly home: string;
  readonly instance: number;
  /** Providers whose costly trial was asked for. */
  readonly tried: readonly string[];
  readonly browser: boolean;
}

export async function gatherFacts(system: System, deeds: Deeds, wanted: Wanted): Promise<Facts> {
  const leftOvers = await deeds.leftOvers();
  // Before the trials: these take ports for a moment.
  const instance = await gatherInstance(system, wanted.instance, leftOvers);
  const [linux, mac, windows, tools, online] = await Promise.all([
    gatherLinux(system),
    gatherMac(system),
    gatherWindows(system),
    gatherTools(system, deeds.missingPackages),
    deeds.tryDownloads?.(),
  ]);
  // One after the other: each is told with the time that it took.
  const machines = await allMachines(deeds, wanted);
  const proxy = await deeds.tryProxy();
  const browser = await browserFact(system, deeds, wanted);
  return {
    kit: wanted.kit,
    node: system.node,
    computer: gatherComputer(system, wanted.home),
    ...(linux && { linux }),
    ...(mac && { mac }),
    ...(windows && { windows }),
    tools,
    machines,
    labs: deeds.labs.map(lab => ({ id: lab.id, failures: failuresOf(lab) })),
    proxy,
    browser,
    instance,
    names: gatherNames(system),
    terminal: gatherTerminal(system),
    leftOvers,
    ...(online && { online }),
  };
}

/** When nothing that is cheap works, the first of the others is tried, too: else nobody would know. */
async function allMachines(deeds: Deeds, { tried }: Wanted): Promise<readonly MachinesFact[]> {
  const facts: MachinesFact[] = [];
  for (const candidate of deeds.candidates) {
    const { name } = candidate;
    const isWanted = tried.includes('all') || name.split(' ').some(word => tried.includes(word));
    const noneWorks = facts.every(({ trial }) => trial.outcome !== 'works');
    facts.push(await machinesFact(candidate, deeds, CHEAP.includes(name) || isWanted || noneWorks));
  }
  return facts;
}

async function machinesFact(
  { name, provider }: Candidate,
  deeds: Deeds,
  isTried: boolean,
): Promise<MachinesFact> {
  const readiness = await provider.probe();
  const imitated = Object.entries(provider.capabilities.failures)
    .filter(([, { kind }]) => kind === 'imitated')
    .map(([verb]) => verb as FailureVerb);
  const fact = { name, readiness, imitated };
  if (!readiness.ready) return { ...fact, trial: { outcome: 'untried', why: 'unready' } };
  if (!isTried) return { ...fact, trial: { outcome: 'untried', why: 'costly' } };
  return { ...fact, trial: await deeds.tryMachine(provider) };
}

/** Their machines take a fraction of a second; those of the others, seconds to a minute. */
const CHEAP: readonly string[] = ['netns', 'process'];

async function browserFact(system: System, deeds: Deeds, wanted: Wanted): Promise<BrowserFact> {
  const isNamed = (system.env['RELAIS_BROWSER'] ?? '') !== '';
  const found = await deeds.findBrowser();
  if (!found.found) {
    const trial = { outcome: 'untried', why: 'unready' } as const;
    return { found: false, reason: found.reason, isNamed, trial };
  }
  const { name, version, executablePath } = found;
  const trial: TrialFact = wanted.browser
    ? await deeds.tryBrowser(executablePath)
    : { outcome: 'untried', why: 'unwanted' };
  const told = { name, executablePath, ...(version !== undefined && { version }) };
  return { found: true, isNamed, trial, ...told };
}

function failuresOf(lab: Lab): readonly FailureVerb[] {
  const verbs = lab.steps.flatMap(step =>
    step.act.flatMap(action => (action.kind === 'machine-down' ? [action.how] : [])),
  );
  return [...new Set(verbs)];
}
