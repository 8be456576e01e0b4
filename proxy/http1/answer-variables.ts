/** Text with variables as `%MESSAGE`: taken apart once, put together for each answer. */

const names = [
  'BACKEND_ID',
  'CAPACITY',
  'CLUSTER_ID',
  'DURATION',
  'MESSAGE',
  'PHASE',
  'REQUEST_ID',
  'RETRY_AFTER',
  'ROUTE',
] as const;

/**
 * ROUTE: host, method and target. CAPACITY: the limit in bytes that the request went beyond.
 * DURATION: milliseconds since the request came. PHASE: how far it got. RETRY_AFTER: seconds.
 */
export type AnswerVariable = (typeof names)[number];

/** What a variable stands for in one answer; '' when there is nothing to say. */
export type AnswerValues = Readonly<Record<AnswerVariable, string>>;

/** Sōzu's names that mean nothing here; a file that has them is told so. */
const unknownHere = [
  'INVALID',
  'PARTIALLY_PARSED',
  'REDIRECT_LOCATION',
  'SUCCESSFULLY_PARSED',
  'WWW_AUTHENTICATE',
] as const;

export interface TextWithVariables {
  /** One more than there are variables: the text before, between and behind them. */
  readonly texts: readonly string[];
  readonly variables: readonly AnswerVariable[];
}

const known = new RegExp(`%(${names.join('|')})\\b`);
const unknown = new RegExp(`%(?:${unknownHere.join('|')})\\b`);

export function takeApart(text: string): TextWithVariables {
  const parts = text.split(known);
  return {
    texts: parts.filter((_, index) => index % 2 === 0),
    variables: parts.filter((_, index) => index % 2 === 1) as AnswerVariable[],
  };
}

/** `harmless` makes a value what it has to be where it is put. */
export function putTogether(
  { texts, variables }: TextWithVariables,
  values: AnswerValues,
  harmless: (value: string) => string,
): string {
  let out = texts[0] ?? '';
  for (const [index, variable] of variables.entries()) {
    out += harmless(values[variable]) + (texts[index + 1] ?? '');
  }
  return out;
}

/** The first variable of the text that is sent as it stands. */
export function unfilledVariable(text: string): string | undefined {
  return unknown.exec(text)?.[0];
}

const htmlEntities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, char => htmlEntities[char] ?? char);
}

/** For the inside of a JSON string; `<` so that the text is harmless inside HTML as well. */
export function escapeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1).replaceAll('<', '\\u003c');
}
