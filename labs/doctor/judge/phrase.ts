/** Sentences that others say in English, and what they are in both languages. */
import type { Text } from '../../harness/text.ts';
import type { Facts } from '../facts.ts';
import type { Fix } from '../finding.ts';

export interface Phrase {
  readonly said: RegExp;
  /** A function gets the groups of `said`. */
  readonly text: Text | ((...groups: readonly string[]) => Text);
  readonly fix?: (facts: Facts) => Fix;
}

/** The first that this is one of. */
export function findPhrase(
  phrases: readonly Phrase[],
  said: string,
): { readonly phrase: Phrase; readonly text: Text } | undefined {
  for (const phrase of phrases) {
    const match = phrase.said.exec(said);
    if (match === null) continue;
    const { text } = phrase;
    return { phrase, text: typeof text === 'function' ? text(...match.slice(1)) : text };
  }
  return undefined;
}
