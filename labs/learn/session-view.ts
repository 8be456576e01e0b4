/** Puts together what the learner sees, from the parts of a session. */
import type { Lab } from '../harness/lab.ts';
import { type Language, type Text, t } from '../harness/text.ts';
import { checkView, promiseView } from './check-views.ts';
import { damages } from './damage.ts';
import type { LearnView, Panel, PredictionView, StepView } from './learn-view.ts';
import type { ObservedWorld } from './observed-world.ts';
import type { ProgressBook } from './progress-book.ts';
import type { JudgedPromise, Promises } from './promises.ts';
import type { RequestRibbon } from './request-ribbon.ts';
import type { StageTiles } from './stage-tiles.ts';
import type { StepInHand } from './step-in-hand.ts';

export interface ViewParts {
  readonly lab: Lab;
  readonly url: string;
  readonly shellCommand: string;
  readonly language: Language;
  readonly hand: StepInHand;
  /** Of the whole lab. */
  readonly throughout: Promises;
  readonly world: ObservedWorld;
  readonly tiles: StageTiles;
  readonly ribbon: RequestRibbon;
  readonly book: ProgressBook;
  readonly happened: string | undefined;
  readonly panel: Panel | undefined;
  /** Besides those that follow from what is observed. */
  readonly notices: readonly Text[];
  readonly busy: Text | undefined;
  readonly now: number;
}

export function sessionView(parts: ViewParts): LearnView {
  const { lab, hand, tiles, ribbon, now } = parts;
  const proxy = tiles.proxy(now);
  const isLast = lab.steps.at(-1)?.id === hand.step.id;
  return {
    language: parts.language,
    lab: { id: lab.id, title: lab.title },
    url: parts.url,
    shellCommand: parts.shellCommand,
    machines: tiles.machines(ribbon.served(now)),
    proxy,
    ribbon: ribbon.marks,
    requests: ribbon.counts,
    step: stepView(parts),
    steps: parts.book.marks(hand.step),
    panel: parts.panel,
    notices: [
      ...parts.notices,
      ...(parts.busy === undefined ? observed(parts, proxy.answers) : []),
    ],
    busy: parts.busy,
    finished: isLast && hand.isDone,
  };
}

function stepView(parts: ViewParts): StepView {
  const { lab, hand, throughout, language, now } = parts;
  const { step, live, evidence } = hand;
  const prediction = predictionView(parts);
  const isAsked = prediction !== undefined && prediction.chosen === undefined && !hand.isDone;
  return {
    id: step.id,
    number: lab.steps.findIndex(({ id }) => id === step.id) + 1,
    title: step.title,
    say: step.say,
    prediction,
    commands: isAsked ? [] : hand.commands,
    natives: isAsked ? [] : hand.natives,
    checks: live.checks.map(one => checkView(one, live, evidence.records, now, language)),
    promises: [...hand.promises.judged, ...throughout.judged].map(({ check, verdict }) =>
      promiseView(check, verdict),
    ),
    done: hand.isDone,
    recap: hand.isDone ? step.recap : undefined,
  };
}

function predictionView({ hand, book, happened }: ViewParts): PredictionView | undefined {
  const { predict } = hand.step;
  if (predict === undefined) return undefined;
  const choices = predict.choices.map(({ id, text }) => ({ id, text }));
  return { ask: predict.ask, choices, chosen: book.chosen(hand.step), happened };
}

const silent = t(
  'The proxy does not answer. A reset of this step (r) starts it anew.',
  'Le proxy ne répond pas. Recommencer l’étape (r) le redémarre.',
);

/** Damage is named before the step is judged; once the step is done it may be as it likes. */
function observed(parts: ViewParts, proxyAnswers: boolean): readonly Text[] {
  const { lab, hand, throughout, world, tiles } = parts;
  if (!proxyAnswers) return [silent];
  const broken = [...hand.promises.judged, ...throughout.judged].flatMap(brokenPromise);
  if (hand.isDone) return broken;
  const { step, before } = hand;
  const addressOf = (name: string): string => tiles.addressOf(name);
  return [...damages({ lab, step, before, now: world, addressOf }), ...broken];
}

function brokenPromise({ check, verdict }: JudgedPromise): readonly Text[] {
  if (verdict.kind !== 'fail') return [];
  const { because } = verdict;
  return [
    t(
      `Not kept: “${check.claim.en}” (${because}). You can go on, or reset the step (r).`,
      `Pas tenu : « ${check.claim.fr} » (${because}). Vous pouvez continuer, ou recommencer l’étape (r).`,
    ),
  ];
}
