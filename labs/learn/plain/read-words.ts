/** Which request a line of words stands for, in either language. Pure. */
import type { LearnRequest, LearnView } from '../learn-view.ts';
import { numbered, type ScreenDeed } from '../screen/asked-by-key.ts';
import { KEYS } from '../screen/keys.ts';

/** Nobody types more; a file that is piped in by mistake has such lines. */
const MOST_LETTERS = 200;

const yes = new Set(['y', 'yes', 'o', 'oui']);
const no = new Set(['n', 'no', 'non']);
const close = new Set(['close', 'fermer', 'ok']);

/** Undefined for words that mean nothing here. */
export function readWords(
  line: string,
  view: LearnView,
): LearnRequest | Exclude<ScreenDeed, { readonly kind: 'choose-step' }> | undefined {
  const [word = '', figure = ''] = line.slice(0, MOST_LETTERS).trim().toLowerCase().split(/\s+/);
  const number = /^\d{1,3}$/.test(figure) ? Number(figure) : undefined;
  if (view.panel?.kind === 'question') {
    if (yes.has(word)) return { kind: 'yes' };
    if (no.has(word)) return { kind: 'no' };
  }
  if (/^\d{1,3}$/.test(word)) return numbered(Number(word), view);
  if (close.has(word)) return { kind: 'close' };
  const asks = KEYS.find(({ key, words }) => key === word || words.includes(word))?.asks;
  switch (asks) {
    case undefined:
      return undefined;
    case 'go-to':
      return number === undefined ? { kind: 'list' } : { kind: 'go-to', step: number };
    case 'why':
      return number === undefined ? { kind: 'why' } : { kind: 'why', check: number };
    default:
      return { kind: asks };
  }
}
