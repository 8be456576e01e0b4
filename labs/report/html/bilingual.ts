/** Both languages stand in the page; the style sheet shows the chosen one. */
import type { Text } from '../../harness/text.ts';
import { type Html, html, trusted } from './html.ts';

export function both(text: Text): Html {
  if (text.en === text.fr) return html`${text.en}`;
  return html`<span lang="en">${text.en}</span><span lang="fr">${text.fr}</span>`;
}

/** The same inside a drawing, where text needs a place. `attributes` are ours, never data. */
export function bothInDrawing(text: Text, attributes: string): Html {
  const place = trusted(attributes);
  if (text.en === text.fr) return html`<text ${place}>${text.en}</text>`;
  return html`<text lang="en" ${place}>${text.en}</text><text lang="fr" ${place}>${text.fr}</text>`;
}

/** A sentence in which `backquotes` mark code. */
export function prose(text: Text): Html {
  if (text.en === text.fr) return withCode(text.en);
  return html`<span lang="en">${withCode(text.en)}</span><span lang="fr">${withCode(text.fr)}</span>`;
}

function withCode(sentence: string): Html {
  const parts = sentence.split(/`([^`]+)`/);
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}
