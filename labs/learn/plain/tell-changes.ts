/**
 * A view in sentences: all of it the first time, later only what has changed. For terminals without
 * a cursor, for narrow windows, for whoever has the screen read out. Pure.
 */
import { t } from '../../harness/text.ts';
import type { CheckView, LearnView } from '../learn-view.ts';
import { clean } from '../screen/cells.ts';
import { tellPanel } from './tell-panel.ts';
import {
  type Tell,
  tellCheck,
  tellCommands,
  tellDone,
  teller,
  tellOutcome,
  tellStep,
} from './tell-step.ts';
import { tellMachine, tellWorld } from './tell-world.ts';

export function tellChanges(before: LearnView | undefined, view: LearnView): readonly string[] {
  const tell = teller(view.language);
  const told = before === undefined ? opening(view, tell) : changes(before, view, tell);
  return told.map(clean);
}

function opening(view: LearnView, tell: Tell): readonly string[] {
  const { lab, url, machines, notices } = view;
  const help = t(
    'Type a word and Enter: next, hint, why, keys for all of them, quit.',
    'Tapez un mot puis Entrée : suivant, indice, pourquoi, touches pour tous, quitter.',
  );
  return [
    tell(lab.title),
    url,
    ...machines.map(machine => tellMachine(machine, tell)),
    tell(help),
    ...notices.map(tell),
    ...tellStep(view, tell),
    ...tellDone(view, tell),
  ];
}

function changes(before: LearnView, view: LearnView, tell: Tell): readonly string[] {
  const notices = view.notices.filter(notice => !before.notices.some(old => old.en === notice.en));
  const isOtherStep = before.step.id !== view.step.id || before.language !== view.language;
  return [
    ...tellWorld(before, view, tell),
    ...notices.map(tell),
    ...(view.busy !== undefined && before.busy?.en !== view.busy.en ? [tell(view.busy)] : []),
    ...(isOtherStep ? tellStep(view, tell) : stepChanges(before, view, tell)),
    ...panelChange(before, view, tell),
    ...(view.step.done && (isOtherStep || !before.step.done) ? tellDone(view, tell) : []),
  ];
}

function stepChanges(before: LearnView, view: LearnView, tell: Tell): readonly string[] {
  const [old, now] = [before.step, view.step];
  const answered = old.prediction?.chosen !== now.prediction?.chosen;
  const graded = old.prediction?.happened !== now.prediction?.happened;
  return [
    ...(answered ? tellCommands(view, tell) : []),
    ...now.checks.flatMap(check => checkChange(find(old.checks, check), check, tell)),
    ...now.promises.flatMap(promise => promiseChange(find(old.promises, promise), promise, tell)),
    ...(graded ? tellOutcome(now.prediction, tell) : []),
  ];
}

function find(checks: readonly CheckView[], { id }: CheckView): CheckView | undefined {
  return checks.find(check => check.id === id);
}

/** Green or no longer green is news; the steps between are not. */
function checkChange(old: CheckView | undefined, check: CheckView, tell: Tell): readonly string[] {
  const turned = (old?.state === 'green') !== (check.state === 'green');
  const { diagnosis } = check;
  const isNew = diagnosis !== undefined && diagnosis.en !== old?.diagnosis?.en;
  return [
    ...(turned ? [tellCheck(check, tell)] : []),
    ...(isNew && check.state !== 'green' ? [tell(diagnosis)] : []),
  ];
}

function promiseChange(
  old: CheckView | undefined,
  promise: CheckView,
  tell: Tell,
): readonly string[] {
  if (promise.state !== 'red' || old?.state === 'red') return [];
  const { en, fr } = promise.claim;
  const reason = promise.because;
  return [tell(t(`Broken promise: ${en} (${reason})`, `Promesse rompue : ${fr} (${reason})`))];
}

function panelChange(before: LearnView, view: LearnView, tell: Tell): readonly string[] {
  if (view.panel === undefined) return [];
  const now = tellPanel(view.panel, view, tell);
  const old = before.panel === undefined ? [] : tellPanel(before.panel, before, tell);
  return now.join('\n') === old.join('\n') ? [] : now;
}
