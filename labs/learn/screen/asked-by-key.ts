/** Which request a key stands for, given what is on the screen. Pure. */
import type { LearnRequest, LearnView } from '../learn-view.ts';
import { KEYS } from './keys.ts';
import type { PressedKey } from './read-keys.ts';

/** What the screen does by itself besides passing requests on. */
export type ScreenDeed = { readonly kind: 'open' } | { readonly kind: 'choose-step' };

export function askedByKey(
  key: PressedKey,
  view: LearnView,
): LearnRequest | ScreenDeed | undefined {
  if (key === 'escape') return { kind: view.panel?.kind === 'question' ? 'no' : 'close' };
  if (key === 'enter') return view.step.done ? { kind: 'next' } : undefined;
  if (typeof key === 'string') return undefined;
  const letter = key.letter.toLowerCase();
  if (view.panel?.kind === 'question') return answer(letter, view);
  if (/^[1-9]$/.test(letter)) return numbered(Number(letter), view);
  const asks = KEYS.find(each => each.key === letter)?.asks;
  switch (asks) {
    case undefined:
      return undefined;
    case 'go-to':
      return { kind: 'choose-step' };
    default:
      return { kind: asks };
  }
}

/** `o` is `oui`. */
function answer(letter: string, { language }: LearnView): LearnRequest | undefined {
  if (letter === 'y' || (letter === 'o' && language === 'fr')) return { kind: 'yes' };
  return letter === 'n' ? { kind: 'no' } : undefined;
}

/** A digit answers what is asked: a prediction, else the reason of which check. */
export function numbered(number: number, { step, panel }: LearnView): LearnRequest | undefined {
  const { prediction } = step;
  if (prediction !== undefined && prediction.chosen === undefined) {
    return number <= prediction.choices.length ? { kind: 'predict', choice: number } : undefined;
  }
  return panel?.kind === 'why' ? { kind: 'why', check: number } : undefined;
}

/** The digit after `g`. */
export function chosenStep(key: PressedKey, { steps }: LearnView): LearnRequest | undefined {
  const number = typeof key === 'string' ? 0 : Number(key.letter);
  return number >= 1 && number <= steps.length ? { kind: 'go-to', step: number } : undefined;
}
