/** What the steps of trace share: their words, and the four who keep a log. */
import type { Kit } from '../../harness/words.ts';

export type Words = Kit<'shop' | 'api', 'alice' | 'bob' | 'carol'>;

/** In the order in which a request comes by. */
export const everyLog = ['edge', 'proxy', 'shop', 'api'] as const;
