/** Text made safe for XML and HTML alike. */

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What XML 1.0 §2.2 allows in no document, not even written as a reference. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const forbidden = /[\0-\x08\x0B\x0C\x0E-\x1F\x7F\uFFFE\uFFFF]/g;

/** Escapes for elements and quoted attributes; a forbidden character becomes U+FFFD. */
export function escapeMarkup(text: string): string {
  return text
    .replace(forbidden, '\uFFFD')
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replace(/[&<>"']/g, character => entities[character] ?? character);
}
