/** How a visitor's request ended, in the five ways that a reader should tell apart. */
import type { RequestRecord } from '../../harness/history.ts';
import { isFailed } from '../../harness/judge/evidence.ts';
import { type Text, t } from '../../harness/text.ts';
import type { ProxyLine, TriedBackend } from './proxy-log.ts';

export type Outcome = 'answered' | 'answered-elsewhere' | 'refused' | 'error' | 'no-answer';

export const OUTCOMES: readonly Outcome[] = [
  'answered',
  'answered-elsewhere',
  'refused',
  'error',
  'no-answer',
];

export const outcomeNames: Readonly<Record<Outcome, Text>> = {
  answered: t('answered', 'répondue'),
  'answered-elsewhere': t(
    'answered after another machine had failed',
    'répondue après l’échec d’une autre machine',
  ),
  refused: t('turned away (4xx)', 'refusée (4xx)'),
  error: t('failed (5xx)', 'échouée (5xx)'),
  'no-answer': t('no complete answer', 'aucune réponse complète'),
};

/** A kept connection that the backend had closed meanwhile is no failure of a machine. */
export function failedTries(line: ProxyLine | undefined): readonly TriedBackend[] {
  return (line?.tries ?? []).filter(({ outcome }) => outcome !== 'stale');
}

export function outcomeOf(request: RequestRecord, line: ProxyLine | undefined): Outcome {
  if (request.status === undefined) return 'no-answer';
  if (isFailed(request)) return 'error';
  if (request.status >= 400) return 'refused';
  return failedTries(line).length > 0 ? 'answered-elsewhere' : 'answered';
}
