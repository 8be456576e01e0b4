/** Why a check, or a promise, is as it is: its reason, and the very records that decided. */
import { type Language, type Text, t } from '../harness/text.ts';
import type { Verdict } from '../harness/verdict.ts';
import type { Panel } from './learn-view.ts';
import { isGreen, verdictIn } from './live-step.ts';
import type { Promises } from './promises.ts';
import { recordInWords } from './record-words.ts';
import type { StepInHand } from './step-in-hand.ts';

interface Explained {
  readonly claim: Text;
  readonly verdict: Verdict | undefined;
}

const notJudged = t('It was not judged yet.', 'Pas encore jugé.');
const noneDecided = t(
  'No single request decided: all of them together did.',
  'Aucune requête n’a décidé à elle seule : c’est leur ensemble qui compte.',
);

/**
 * `number`: counted from 1, promises behind the checks; default: the first check that is not green.
 * Undefined when there is no such check.
 */
export function whyStep(
  hand: StepInHand,
  throughout: Promises,
  number: number | undefined,
  { language, now }: { readonly language: Language; readonly now: number },
): Panel | undefined {
  const { checks } = hand.live;
  const open = checks.findIndex(one => !isGreen(one));
  const index = number === undefined ? Math.max(open, 0) : number - 1;
  const check = checks[index];
  const promise = [...hand.promises.judged, ...throughout.judged][index - checks.length];
  const begun = Date.now() - now;
  const clock = (at: number): string => new Date(begun + at).toTimeString().slice(0, 8);
  if (check !== undefined) {
    const verdict = verdictIn(check, hand.evidence.records, language);
    return whyPanel({ claim: check.check.claim, verdict }, language, clock);
  }
  if (promise === undefined) return undefined;
  return whyPanel({ claim: promise.check.claim, verdict: promise.verdict }, language, clock);
}

/** `clock`: how a moment of the history is told. */
function whyPanel(
  { claim, verdict }: Explained,
  language: Language,
  clock: (at: number) => string,
): Panel {
  const reason = verdict?.because ?? notJudged[language];
  const records = verdict?.decidedBy ?? [];
  const told = records.map(record => recordInWords(record, language, clock));
  const isDecided = verdict !== undefined && verdict.kind !== 'unknown';
  const proof = isDecided && told.length === 0 ? [noneDecided[language]] : told;
  return { kind: 'why', lines: [claim[language], reason, ...proof] };
}
