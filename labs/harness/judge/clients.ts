/** How many client connections the proxy has, and whether its memory stayed as it was. */
import type { ProxyRecord } from '../history.ts';
import type { Probe } from '../probes.ts';
import { type Evidence, type Judgement, judgement, latestSample, recordsOf } from './evidence.ts';

type Of<K extends Probe['kind']> = Extract<Probe, { kind: K }>;

export function judgeClients(
  evidence: Evidence,
  { atLeast = 0, atMost = Number.POSITIVE_INFINITY }: Of<'clients'>,
): Judgement {
  const sample = latestSample(evidence, evidence.actedAt);
  const clients = sample?.clients;
  if (sample === undefined || clients === undefined) return noSign();
  return judgement(
    clients >= atLeast && clients <= atMost ? 'pass' : 'fail',
    `the proxy has ${clients} client connections`,
    `le proxy a ${clients} connexions de clients`,
    [sample],
  );
}

/** Compared with what the same processes had when the step began. */
export function judgeMemory(evidence: Evidence, { growsAtMostMiB }: Of<'memory'>): Judgement {
  const samples = recordsOf(evidence, 'proxy', 0).filter(one => one.memoryMiB !== undefined);
  const now = samples.at(-1);
  const same = samples.filter(one => one.mainPid === now?.mainPid);
  const before = same.findLast(({ at }) => at <= evidence.stepStartedAt) ?? same[0];
  if (now === undefined || before === undefined || now.at < evidence.actedAt) return noSign();
  const [from, to] = [before, now].map(({ memoryMiB = 0 }: ProxyRecord) => Math.round(memoryMiB));
  const grown = (now.memoryMiB ?? 0) - (before.memoryMiB ?? 0);
  return judgement(
    grown <= growsAtMostMiB ? 'pass' : 'fail',
    `memory of all processes: ${from} MiB, then ${to} MiB`,
    `mémoire de tous les processus : ${from} Mio, puis ${to} Mio`,
    [now],
  );
}

function noSign(): Judgement {
  return judgement('unknown', 'no recent sign of the proxy', 'pas de nouvelles récentes du proxy');
}
