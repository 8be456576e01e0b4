/**
 * Makes the machine's name: two adjectives, a noun and a number, joined by dashes. The words are
 * those of project-name-generator; it cannot be seeded (its lodash keeps the `Math.random` it found
 * at load time), so the words are drawn here, by its own rule. It also spares loading lodash.
 */
import adjectives from 'project-name-generator/src/adjectives.js';
import nouns from 'project-name-generator/src/nouns.js';

type Random = () => number;

/** The same seed gives the same name; without a seed each call gives another one. */
export function generateName(seed?: string): string {
  const random = seed === undefined ? Math.random : seededRandom(seed);
  const words = [draw(adjectives, random), draw(adjectives, random), draw(nouns, random)];
  return [...words, 1 + Math.floor(random() * 9999)].join('-').toLowerCase();
}

function draw(words: readonly string[], random: Random): string {
  return words[Math.floor(random() * words.length)] ?? 'nameless';
}

/** FNV-1a turns the seed into 32 bits, mulberry32 turns those into numbers from 0 to 1. */
function seededRandom(seed: string): Random {
  let state = 0x811c9dc5;
  for (const byte of Buffer.from(seed)) state = Math.imul(state ^ byte, 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
