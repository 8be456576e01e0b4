/** What the doctor finds on a computer that was written down. */
import assert from 'node:assert/strict';
import type { Finding } from '../../labs/doctor/finding.ts';
import { gatherFacts } from '../../labs/doctor/gather/gather.ts';
import { type Judgement, judge } from '../../labs/doctor/judge/judge.ts';
import type { Readiness } from '../../vms/provider.ts';
import { type Recording, recordedDeeds, recordedSystem, wanted } from './recorded-system.ts';

type Records = Parameters<typeof recordedDeeds>;

export async function judged(recording: Recording, ...records: Records): Promise<Judgement> {
  const facts = await gatherFacts(recordedSystem(recording), recordedDeeds(...records), wanted);
  // What was gathered is data: a record of it is judged like the thing itself.
  return judge(JSON.parse(JSON.stringify(facts)));
}

export function finding({ findings }: Judgement, id: string): Finding {
  const found = findings.find(one => one.id === id);
  assert.ok(found, `no finding ${id} in ${findings.map(one => one.id).join(' ')}`);
  return found;
}

export function hasNo({ findings }: Judgement, id: string): void {
  assert.equal(
    findings.find(one => one.id === id),
    undefined,
  );
}

export function unready(reason: string): Readiness {
  return { ready: false, reason, fix: 'Use the process provider: --machines process.' };
}

export const noNamespaces: Readonly<Record<string, Readiness>> = {
  netns: unready('network namespaces exist only on Linux, this is another'),
};

export const noBrowser = {
  found: false,
  reason: 'no Chrome, Edge or Chromium is installed, and Playwright has downloaded none',
  fix: 'install one',
} as const;
