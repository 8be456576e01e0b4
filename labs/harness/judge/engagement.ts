/** Does one version make more visitors press the button than the other one? */
import type { RequestRecord } from '../history.ts';
import type { Probe } from '../probes.ts';
import { type Evidence, type Judgement, judgement, requestsSinceActed } from './evidence.ts';

type EngagementProbe = Extract<Probe, { kind: 'engagement' }>;

interface Counted {
  readonly version: string;
  readonly visits: number;
  readonly pressed: readonly RequestRecord[];
}

export function judgeEngagement(evidence: Evidence, probe: EngagementProbe): Judgement {
  const requests = requestsSinceActed(evidence).filter(({ visitor }) =>
    probe.visitors.includes(visitor),
  );
  const [own, other] = [counted(requests, probe.version), counted(requests, probe.than)];
  const [told, dit] = [inWords(own, other, 'of'), inWords(own, other, 'sur')];
  if (Math.min(own.visits, other.visits) < probe.visits) {
    const wanted = probe.visits;
    return judgement(
      'unknown',
      `${told}: ${wanted} pages of each are counted`,
      `${dit} : on compte ${wanted} pages de chacune`,
    );
  }
  const isMore = own.pressed.length > 0 && rateOf(own) >= probe.times * rateOf(other);
  return judgement(
    isMore ? 'pass' : 'fail',
    `button pressed: ${told}`,
    `bouton pressé : ${dit}`,
    own.pressed.slice(-4),
  );
}

/** As the machines count: a press belongs to the version that got it, whatever page was seen. */
function counted(requests: readonly RequestRecord[], version: string): Counted {
  const answered = requests.filter(one => one.version === version && one.status !== undefined);
  return {
    version,
    visits: answered.filter(({ engages, status }) => engages !== true && status === 200).length,
    pressed: answered.filter(({ engages, status = 0 }) => engages === true && status < 400),
  };
}

function rateOf({ visits, pressed }: Counted): number {
  return pressed.length / visits;
}

function inWords(own: Counted, other: Counted, of: string): string {
  return [own, other]
    .map(one => `${one.version} ${one.pressed.length} ${of} ${one.visits}`)
    .join(', ');
}
