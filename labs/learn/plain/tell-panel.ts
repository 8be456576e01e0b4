/** What was asked for, in sentences. Pure. */
import { t } from '../../harness/text.ts';
import type { LearnView, Panel, StepMark } from '../learn-view.ts';
import { KEYS } from '../screen/keys.ts';
import type { Tell } from './tell-step.ts';

const states: Readonly<Record<StepMark['state'], ReturnType<typeof t>>> = {
  done: t('done', 'faite'),
  skipped: t('skipped', 'sautée'),
  current: t('this one', 'celle-ci'),
  ahead: t('ahead', 'à venir'),
};

export function tellPanel(
  panel: Panel,
  { steps, language }: LearnView,
  tell: Tell,
): readonly string[] {
  switch (panel.kind) {
    case 'hint': {
      const { rung, rungs, text } = panel;
      return [
        tell(t(`Hint ${rung} of ${rungs}: ${text.en}`, `Indice ${rung} sur ${rungs} : ${text.fr}`)),
      ];
    }
    case 'solution': {
      const done = panel.commands.slice(0, panel.done).map(command => {
        return tell(t(`Run for you: ${command}`, `Exécuté pour vous : ${command}`));
      });
      return [...done, ...panel.commands.slice(panel.done).map(command => `  ${command}`)];
    }
    case 'why':
      return panel.lines;
    case 'steps':
      return steps.map(({ title, state }, index) => {
        return `  ${index + 1}: ${tell(title)} (${tell(states[state])})`;
      });
    case 'keys':
      return KEYS.map(({ words, about }) => `  ${wordFor(words, language)}: ${tell(about)}`);
    case 'question':
      return [tell(panel.ask)];
  }
}

/** English words stand first in the table, French ones second. */
function wordFor(words: readonly string[], language: LearnView['language']): string {
  return (language === 'fr' ? words[1] : words[0]) ?? words[0] ?? '';
}
