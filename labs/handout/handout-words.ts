/** The sentences of a handout that are the same for every lab. */
import { type Text, t } from '../harness/text.ts';

type Word =
  | 'minutes'
  | 'verified'
  | 'machines'
  | 'machine'
  | 'address'
  | 'ownPort'
  | 'atTheStart'
  | 'serving'
  | 'running'
  | 'notStarted'
  | 'begin'
  | 'beginSelf'
  | 'beginWatch'
  | 'beginShell'
  | 'predict'
  | 'type'
  | 'says'
  | 'see'
  | 'promises'
  | 'throughout'
  | 'trouble'
  | 'diagnosis'
  | 'notYet'
  | 'hints'
  | 'answers'
  | 'others';

export const handoutWords: Readonly<Record<Word, Text>> = {
  minutes: t('minutes', 'minutes'),
  verified: t('Verified', 'Vérifié'),
  machines: t('The machines', 'Les machines'),
  machine: t('machine', 'machine'),
  address: t('address', 'adresse'),
  ownPort: t('its own port', 'son propre port'),
  atTheStart: t('at the start', 'au début'),
  serving: t('serves', 'sert'),
  running: t('runs, no traffic', 'tourne, sans trafic'),
  notStarted: t('not started', 'pas démarrée'),
  begin: t('Begin', 'Pour commencer'),
  beginSelf: t(
    'Learn at your own pace: the kit watches, you type in a second terminal.',
    'À votre rythme : le kit regarde, vous tapez dans un second terminal.',
  ),
  beginWatch: t('Or watch it run by itself:', 'Ou regardez-le se dérouler tout seul :'),
  beginShell: t(
    'In the second terminal, this opens a shell in which the commands below work:',
    'Dans le second terminal, ceci ouvre un shell où les commandes ci-dessous fonctionnent :',
  ),
  predict: t('Predict first', 'Prédisez d’abord'),
  type: t('Type', 'Tapez'),
  says: t('It says:', 'Réponse :'),
  see: t('You should now see', 'Vous devriez maintenant constater'),
  promises: t('And all the while', 'Et pendant tout ce temps'),
  throughout: t('From beginning to end', 'Du début à la fin'),
  trouble: t('If it does not turn green', 'Si cela ne passe pas au vert'),
  diagnosis: t('then it is because', 'c’est que'),
  notYet: t('not yet:', 'pas encore :'),
  hints: t('Hints', 'Indices'),
  answers: t('What happens', 'Ce qui arrive'),
  others: t('All labs', 'Tous les labs'),
};
