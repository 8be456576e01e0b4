/** Makes HTML that is escaped unless it was made here: `html` is a tag for template literals. */
import { escapeMarkup } from '../markup.ts';

/** Finished markup. Text that is not of this kind is escaped. */
export interface Html {
  readonly markup: string;
}

export type Fragment = Html | string | number | undefined | readonly Fragment[];

export function html(strings: TemplateStringsArray, ...values: readonly Fragment[]): Html {
  const parts = strings.map((part, index) => part + render(values[index]));
  return { markup: parts.join('') };
}

/** For what is markup already: the style sheet, a path's coordinates, image data. */
export function trusted(markup: string): Html {
  return { markup };
}

function render(value: Fragment): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escapeMarkup(value);
  return 'markup' in value ? value.markup : value.map(render).join('');
}
