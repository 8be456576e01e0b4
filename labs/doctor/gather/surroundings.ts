/** What is around a lab on this computer: ports, names, the terminal, what older labs left. */
import { addressPlan, MAX_INSTANCE } from '../../../vms/address-plan.ts';
import { ownerOf } from '../../../vms/lease.ts';
import { describeLease } from '../../../vms/sweep.ts';
import { instanceFolder } from '../../harness/run/run-folder.ts';
import { readStageNote } from '../../stage/stage-file.ts';
import type { InstanceFact, LeftOver, NameFacts, PortFact, TerminalFacts } from '../facts.ts';
import type { System } from '../system.ts';

export async function gatherInstance(
  system: System,
  instance: number,
  leftOvers: readonly LeftOver[],
): Promise<InstanceFact> {
  const { proxyPort, machines } = addressPlan(instance);
  const wanted = [proxyPort, ...Object.values(machines).map(machine => machine.forwardedPort)];
  const ports = await Promise.all(wanted.map(port => portFact(system, port)));
  const mine = leftOvers.find(one => one.instance === instance);
  const labRuns = mine !== undefined && (mine.onPurpose || mine.owner !== undefined);
  return { instance, labRuns, ports };
}

async function portFact(system: System, port: number): Promise<PortFact> {
  if (await system.canListen('127.0.0.1', port)) return { port, free: true };
  const holder = await system.holderOf(port);
  return { port, free: false, ...(holder !== undefined && { holder }) };
}

/** Nothing is looked up: a look-up of an unknown name leaves the computer. */
export function gatherNames({ platform, env, read }: System): NameFacts {
  const windows = `${env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\drivers\\etc\\hosts`;
  const hosts = read(platform === 'win32' ? windows : '/etc/hosts') ?? '';
  const localhost = hosts
    .split('\n')
    .map(line => line.replace(/#.*/, '').trim().split(/\s+/))
    .filter(([, ...names]) => names.includes('localhost'))
    .map(([address = '']) => address);
  // Windows' own resolver answers for it, and its file has the line as a comment.
  const known = platform === 'win32' && localhost.length === 0 ? ['127.0.0.1'] : localhost;
  const [, services = ''] = /^hosts:(.*)$/m.exec(read('/etc/nsswitch.conf') ?? '') ?? [];
  return { localhost: known, subdomains: /\b(myhostname|resolve)\b/.test(services) };
}

export function gatherTerminal({ platform, env, terminal }: System): TerminalFacts {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  const utf8 = /utf-?8/i.test(locale) || (platform === 'win32' && env['WT_SESSION'] !== undefined);
  const kind = env['MSYSTEM'] ?? env['TERM_PROGRAM'] ?? env['TERM'] ?? '';
  return { ...terminal, utf8: utf8 || platform === 'darwin', kind };
}

/** All instances that could be: processes say where they belong even when their folder was deleted. */
export async function gatherLeftOvers(home: string): Promise<readonly LeftOver[]> {
  const all = Array.from({ length: MAX_INSTANCE + 1 }, (_, instance) => instance);
  const looked = await Promise.all(all.map(instance => lookAt(home, instance)));
  return looked.filter(({ things, owner }) => things.length > 0 || owner !== undefined);
}

async function lookAt(home: string, instance: number): Promise<LeftOver> {
  const folder = instanceFolder(home, instance);
  const owner = ownerOf(folder)?.pid;
  const note = await readStageNote(folder);
  const onPurpose = note?.left === true;
  const things = await describeLease(folder);
  return { instance, things, onPurpose, ...(owner !== undefined && { owner }) };
}
