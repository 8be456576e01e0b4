/** What a key, or a line of words, does to the choice of a lab. Pure. */
import type { PressedKey } from '../screen/read-keys.ts';
import type { Welcome } from './draw-welcome.ts';

export type Choosing =
  | { readonly kind: 'go-on'; readonly welcome: Welcome }
  | { readonly kind: 'begin'; readonly lab: string; readonly welcome: Welcome }
  | { readonly kind: 'quit'; readonly welcome: Welcome };

export function chooseByKey(key: PressedKey, welcome: Welcome): Choosing {
  const { chosen, labs } = welcome;
  const letter = typeof key === 'string' ? '' : key.letter.toLowerCase();
  if (key === 'up' || letter === 'k') return goOn(welcome, chosen - 1);
  if (key === 'down' || letter === 'j') return goOn(welcome, chosen + 1);
  if (key === 'enter') return begin(welcome, labs[chosen]?.id);
  if (key === 'escape' || key === 'interrupt' || letter === 'q') return { kind: 'quit', welcome };
  if (letter === 't') return { kind: 'go-on', welcome: otherLanguage(welcome) };
  if (/^\d$/.test(letter)) return byDigit(letter, welcome);
  return { kind: 'go-on', welcome };
}

/** A digit goes on with the number before it, or begins another one. */
function byDigit(digit: string, welcome: Welcome): Choosing {
  const { chosen, typed, labs } = welcome;
  const number = [`${typed}${digit}`, digit].find(each => labs[Number(each) - 1] !== undefined);
  const moved = number === undefined ? chosen : Number(number) - 1;
  return { kind: 'go-on', welcome: { ...welcome, chosen: moved, typed: number ?? '' } };
}

function goOn(welcome: Welcome, chosen: number): Choosing {
  const last = welcome.labs.length - 1;
  const moved = Math.max(0, Math.min(chosen, last));
  return { kind: 'go-on', welcome: { ...welcome, chosen: moved, typed: '' } };
}

function begin(welcome: Welcome, lab: string | undefined): Choosing {
  return lab === undefined ? { kind: 'go-on', welcome } : { kind: 'begin', lab, welcome };
}

function otherLanguage(welcome: Welcome): Welcome {
  return { ...welcome, language: welcome.language === 'en' ? 'fr' : 'en' };
}

/** A number, the name of a lab, a language, or a word for leaving; undefined for anything else. */
export function chooseByWords(line: string, welcome: Welcome): Choosing | undefined {
  const word = line.slice(0, 200).trim().toLowerCase();
  if (['q', 'quit', 'quitter', 'exit'].includes(word)) return { kind: 'quit', welcome };
  if (['t', 'language', 'langue'].includes(word)) {
    return { kind: 'go-on', welcome: otherLanguage(welcome) };
  }
  if (['english', 'en'].includes(word))
    return { kind: 'go-on', welcome: { ...welcome, language: 'en' } };
  if (['français', 'francais', 'fr'].includes(word)) {
    return { kind: 'go-on', welcome: { ...welcome, language: 'fr' } };
  }
  const lab =
    word === ''
      ? welcome.labs[welcome.chosen]
      : welcome.labs.find(({ id }, index) => id === word || String(index + 1) === word);
  return lab === undefined ? undefined : { kind: 'begin', lab: lab.id, welcome };
}
