/** The choice of a lab in sentences. Pure. */
import { t } from '../../harness/text.ts';
import type { LabOffer, Welcome } from './draw-welcome.ts';

export function tellWelcome({ language, labs, chosen, notice }: Welcome): readonly string[] {
  const proposed = labs[chosen]?.id ?? '';
  const how = t(
    `Type the number or the name of a lab; Enter alone: ${proposed}. Other words: français, quit.`,
    `Tapez le numéro ou le nom d’un lab ; Entrée seule : ${proposed}. Autres mots : english, quitter.`,
  );
  return [
    ...(notice === undefined ? [] : [notice[language]]),
    ...labs.map((lab, index) => `  ${index + 1}: ${offer(lab)[language]}`),
    how[language],
  ];
}

function offer({ id, title, minutes, standing: { done, steps } }: LabOffer) {
  return t(
    `${id}, ${title.en}, ${minutes} minutes, ${done} of ${steps} steps done`,
    `${id}, ${title.fr}, ${minutes} minutes, ${done} étapes sur ${steps} faites`,
  );
}
