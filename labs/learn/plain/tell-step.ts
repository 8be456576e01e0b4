/** A step in sentences: what it says, asks, has typed and checks, and how it ended. Pure. */
import { type Language, type Text, t } from '../../harness/text.ts';
import type { CheckView, LearnView, PredictionView } from '../learn-view.ts';

export type Tell = (text: Text) => string;

export function teller(language: Language): Tell {
  return text => text[language];
}

export function tellStep(view: LearnView, tell: Tell): readonly string[] {
  const { step, steps } = view;
  const { en, fr } = step.title;
  return [
    '',
    tell(
      t(
        `Step ${step.number} of ${steps.length}: ${en}`,
        `Étape ${step.number} sur ${steps.length} : ${fr}`,
      ),
    ),
    tell(step.say),
    ...tellQuestion(step.prediction, tell),
    ...tellCommands(view, tell),
    ...step.checks.map(check => tellCheck(check, tell)),
  ];
}

function tellQuestion(prediction: PredictionView | undefined, tell: Tell): readonly string[] {
  if (prediction === undefined || prediction.chosen !== undefined) return [];
  const { ask, choices } = prediction;
  const how = t('Answer with a number:', 'Répondez par un numéro :');
  return [
    tell(ask),
    tell(how),
    ...choices.map(({ text }, index) => `  ${index + 1}: ${tell(text)}`),
  ];
}

export function tellCommands({ step, shellCommand }: LearnView, tell: Tell): readonly string[] {
  const { prediction, commands } = step;
  if (commands.length === 0 || (prediction !== undefined && prediction.chosen === undefined)) {
    return [];
  }
  const where = t(
    `Type in another terminal (opened with: ${shellCommand}):`,
    `À taper dans un autre terminal (ouvert par : ${shellCommand}) :`,
  );
  return [
    tell(where),
    ...commands.map(command => `  ${command}`),
    ...step.natives.map(line => `  ${tell(t('or:', 'ou :'))} ${line}`),
  ];
}

/** Words and no signs: a screen reader reads it as it stands. */
export function tellCheck(check: CheckView, tell: Tell): string {
  const claim = tell(check.claim);
  const reason = check.because === '' ? '' : ` (${check.because})`;
  switch (check.state) {
    case 'green':
      return tell(t(`OK: ${claim}${reason}`, `OK : ${claim}${reason}`));
    case 'holding':
      return tell(t(`Nearly: ${claim}${reason}`, `Presque : ${claim}${reason}`));
    case 'red':
      return tell(t(`Not yet: ${claim}${reason}`, `Pas encore : ${claim}${reason}`));
    case 'unknown':
      return tell(t(`Not known yet: ${claim}${reason}`, `Pas encore connu : ${claim}${reason}`));
  }
}

export function tellDone({ step, finished }: LearnView, tell: Tell): readonly string[] {
  if (!step.done) return [];
  const next = finished
    ? t(
        'Done: no step is left. Type next to end.',
        'Fini : il ne reste aucune étape. Tapez suivant pour finir.',
      )
    : t('Done. Type next for the next step.', 'C’est fait. Tapez suivant pour l’étape suivante.');
  return [...(step.recap === undefined ? [] : [tell(step.recap)]), tell(next)];
}

/** Told once, when it is known what really happened. */
export function tellOutcome(prediction: PredictionView | undefined, tell: Tell): readonly string[] {
  if (prediction?.happened === undefined) return [];
  const { choices, chosen, happened } = prediction;
  const text = choices.find(({ id }) => id === happened)?.text ?? t('–', '–');
  const outcome =
    chosen === happened
      ? t(`You saw it coming: ${text.en}`, `Bien vu : ${text.fr}`)
      : t(`What happened: ${text.en}`, `Ce qui s’est passé : ${text.fr}`);
  return [tell(outcome)];
}
