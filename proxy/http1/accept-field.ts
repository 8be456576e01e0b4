/** The Accept field (RFC 9110 §12.5.1): in which of three forms the proxy tells of its own trouble. */

export type PageFormat = 'html' | 'json' | 'text';

interface Preference {
  readonly format: PageFormat;
  readonly quality: number;
  /** A type that is named outweighs `text/*`, and that outweighs any type at all. */
  readonly exactness: number;
}

/** What each range can be satisfied with; `*` and `text/*` get what a browser shows best. */
const ranges: Readonly<Record<string, Omit<Preference, 'quality'>>> = {
  '*/*': { format: 'html', exactness: 0 },
  'text/*': { format: 'html', exactness: 1 },
  'application/*': { format: 'json', exactness: 1 },
  'text/html': { format: 'html', exactness: 2 },
  'application/xhtml+xml': { format: 'html', exactness: 2 },
  'application/json': { format: 'json', exactness: 2 },
  'application/problem+json': { format: 'json', exactness: 2 },
  'text/plain': { format: 'text', exactness: 2 },
};

/**
 * HTML when nothing else is preferred or nothing fits: an error that comes in the wrong form is
 * better than one that does not come. Of equal preferences the more exact and then the first wins.
 */
export function preferredFormat(accept: string): PageFormat {
  let best: Preference | undefined;
  for (const element of accept.split(',')) {
    const preference = preferenceOf(element);
    if (preference === undefined) continue;
    if (best === undefined || isBetter(preference, best)) best = preference;
  }
  return best?.format ?? 'html';
}

function preferenceOf(element: string): Preference | undefined {
  const [range = '', ...parameters] = element.toLowerCase().split(';');
  const name = range.trim();
  // `constructor` is a word that a client may send.
  const known = Object.hasOwn(ranges, name) ? ranges[name] : undefined;
  const quality = qualityOf(parameters);
  return known === undefined || quality === 0 ? undefined : { ...known, quality };
}

/** 1 unless said otherwise; what is no number counts as 0. */
function qualityOf(parameters: readonly string[]): number {
  const text = parameters.find(parameter => parameter.trim().startsWith('q='));
  if (text === undefined) return 1;
  const match = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.exec(text.trim());
  return Number(match?.[1] ?? 0);
}

function isBetter(a: Preference, b: Preference): boolean {
  return a.quality === b.quality ? a.exactness > b.exactness : a.quality > b.quality;
}
