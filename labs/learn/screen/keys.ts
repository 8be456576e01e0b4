/** Every key, what it asks for, and the words that ask for the same on a line of their own. */
import { type Text, t } from '../../harness/text.ts';
import type { LearnRequest } from '../learn-view.ts';

type PlainKind = Exclude<LearnRequest['kind'], 'go-to' | 'predict' | 'close' | 'yes' | 'no'>;

export interface Key {
  readonly key: string;
  readonly asks: PlainKind | 'go-to' | 'open';
  readonly label: Text;
  readonly about: Text;
  /** The first one is shown; all are understood, whatever the language. */
  readonly words: readonly string[];
}

/** In the order in which they give way when the line is short: the last first. */
export const KEYS: readonly Key[] = [
  {
    key: 'n',
    asks: 'next',
    label: t('next', 'suite'),
    about: t('go on to the next step', 'passer à l’étape suivante'),
    words: ['next', 'suivant', 'suite'],
  },
  {
    key: 'h',
    asks: 'hint',
    label: t('hint', 'indice'),
    about: t('a hint, then a clearer one', 'un indice, puis un plus clair'),
    words: ['hint', 'indice', 'aide'],
  },
  {
    key: 'w',
    asks: 'why',
    label: t('why', 'pourquoi'),
    about: t(
      'the requests that made a check red or green',
      'les requêtes qui ont rendu un test rouge ou vert',
    ),
    words: ['why', 'pourquoi'],
  },
  {
    key: 'q',
    asks: 'quit',
    label: t('quit', 'quitter'),
    about: t('leave; the progress is kept', 'partir ; la progression est gardée'),
    words: ['quit', 'quitter', 'exit'],
  },
  {
    key: 's',
    asks: 'solve',
    label: t('solution', 'solution'),
    about: t('have the commands of this step run', 'faire exécuter les commandes de l’étape'),
    words: ['solution', 'solve', 'résoudre'],
  },
  {
    key: 'r',
    asks: 'reset',
    label: t('reset', 'recommencer'),
    about: t('begin this step again', 'recommencer cette étape'),
    words: ['reset', 'recommencer'],
  },
  {
    key: 'l',
    asks: 'list',
    label: t('list', 'liste'),
    about: t('all steps of this lab', 'toutes les étapes du lab'),
    words: ['list', 'liste', 'steps', 'étapes'],
  },
  {
    key: 'g',
    asks: 'go-to',
    label: t('go to', 'aller à'),
    about: t('go to a step, by its number', 'aller à une étape, par son numéro'),
    words: ['go', 'aller', 'step', 'étape'],
  },
  {
    key: 'k',
    asks: 'skip',
    label: t('skip', 'sauter'),
    about: t('leave this step out', 'laisser cette étape de côté'),
    words: ['skip', 'sauter', 'passer'],
  },
  {
    key: 'u',
    asks: 'undo',
    label: t('undo', 'annuler'),
    about: t('take back the last change', 'annuler le dernier changement'),
    words: ['undo', 'annuler'],
  },
  {
    key: 'o',
    asks: 'open',
    label: t('browser', 'navigateur'),
    about: t('open the site in your browser', 'ouvrir le site dans votre navigateur'),
    words: ['open', 'ouvrir', 'browser', 'navigateur'],
  },
  {
    key: 't',
    asks: 'language',
    label: t('français', 'English'),
    about: t('français', 'English'),
    words: ['français', 'english', 'language', 'langue', 'francais'],
  },
  {
    key: '?',
    asks: 'keys',
    label: t('keys', 'touches'),
    about: t('these keys', 'ces touches'),
    words: ['keys', 'touches', 'help', '?'],
  },
];
