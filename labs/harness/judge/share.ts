/** Which part of the latest answered requests a machine, or all machines of a version, had. */
import type { RequestRecord } from '../history.ts';
import type { Among, Probe } from '../probes.ts';
import { type Evidence, type Judgement, judgement, requestsSinceActed } from './evidence.ts';

type ShareProbe = Extract<Probe, { kind: 'share' }>;

export function judgeShare(evidence: Evidence, probe: ShareProbe): Judgement {
  const answered = requestsSinceActed(evidence).filter(
    request =>
      isAmong(probe.among, request) &&
      ('status' in probe.of ? request.status !== undefined : request.machine !== undefined),
  );
  if (answered.length < probe.requests) {
    const [have, want] = [answered.length, probe.requests];
    return judgement(
      'unknown',
      `${have} of the ${want} requests that are counted`,
      `${have} requêtes sur les ${want} à compter`,
    );
  }
  const window = answered.slice(-probe.requests);
  const own = window.filter(request => isOf(probe, request));
  const percent = (100 * own.length) / window.length;
  const name = nameOf(probe);
  const [seen, wanted] = [Number(percent.toFixed(1)), probe.percent];
  const within = Math.abs(percent - wanted) <= probe.tolerance + 1e-9;
  const counted = `${own.length}/${window.length}`;
  if (within) {
    return judgement(
      'pass',
      `${name} had ${seen}% (${counted})`,
      `${name} a eu ${seen} % (${counted})`,
      own.slice(-4),
    );
  }
  return judgement(
    'fail',
    `${name} had ${seen}% (${counted}), expected ${wanted}%`,
    `${name} a eu ${seen} % (${counted}), attendu ${wanted} %`,
    own.slice(-4),
  );
}

function nameOf({ of }: ShareProbe): string {
  if ('status' in of) return String(of.status);
  return 'machine' in of ? of.machine : of.version;
}

function isOf({ of }: ShareProbe, { machine, version, status }: RequestRecord): boolean {
  if ('status' in of) return status === of.status;
  return 'machine' in of ? machine === of.machine : version === of.version;
}

function isAmong({ visitors, version }: Among = {}, request: RequestRecord): boolean {
  if (visitors !== undefined && !visitors.includes(request.visitor)) return false;
  return version === undefined || request.version === version;
}
