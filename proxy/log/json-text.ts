/** Any bytes → a JSON string in plain ASCII: one line stays one line whatever a client sends. */
import { isUtf8 } from 'node:buffer';

/** All but what stands for itself in JSON and is visible ASCII or a blank. */
const SPECIAL = /[^\x20\x21\x23-\x5b\x5d-\x7e]/;
const NOT_ASCII = /[^\x20-\x7e]/g;

/** `latin1` has one character for each byte. '' is null: keys are always there. */
export function jsonText(latin1: string): string {
  if (latin1 === '') return 'null';
  return SPECIAL.test(latin1) ? escaped(latin1) : `"${latin1}"`;
}

/** Bytes that are UTF-8 are read as the text that was meant; others as one character each. */
function escaped(latin1: string): string {
  const bytes = Buffer.from(latin1, 'latin1');
  const text = isUtf8(bytes) ? bytes.toString('utf8') : latin1;
  return JSON.stringify(text).replace(NOT_ASCII, escapeOne);
}

function escapeOne(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
