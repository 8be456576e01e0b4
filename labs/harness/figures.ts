/** Numbers as people of each language write them; the same on every system. */
import { type Text, t } from './text.ts';

const NO_BREAK = '\u00A0';

/** How long: `0.21 ms`, `42 ms`, `3.06 s`, `2 min 05 s`. */
export function duration(ms: number): Text {
  if (ms < 10) return withUnit(ms.toFixed(ms < 1 ? 2 : 1), 'ms');
  if (ms < 999.5) return withUnit(ms.toFixed(0), 'ms');
  if (ms < 59_995) return withUnit((ms / 1000).toFixed(2), 's');
  const seconds = Math.round(ms / 1000);
  const rest = String(seconds % 60).padStart(2, '0');
  return withUnit(`${Math.floor(seconds / 60)}${NO_BREAK}min${NO_BREAK}${rest}`, 's');
}

/** When, counted from the start of the run: always seconds, so that moments compare. */
export function moment(ms: number): Text {
  return withUnit((ms / 1000).toFixed(2), 's');
}

export function count(number: number): Text {
  const digits = String(number);
  const grouped = (separator: string): string => digits.replace(/\B(?=(?:\d{3})+$)/g, separator);
  return t(grouped(','), grouped('\u202F'));
}

export function percent(part: number, whole: number): Text {
  const value = whole === 0 ? 0 : Math.round((100 * part) / whole);
  return t(`${value}%`, `${value}${NO_BREAK}%`);
}

/** `1 check`, `9 checks`: French counts zero as one, English as many. */
export function counted(number: number, one: Text, many: Text): Text {
  const amount = count(number);
  const en = number === 1 ? one.en : many.en;
  const fr = number < 2 ? one.fr : many.fr;
  return t(`${amount.en} ${en}`, `${amount.fr}${NO_BREAK}${fr}`);
}

export function joined(texts: readonly Text[], separator = ' · '): Text {
  return t(texts.map(text => text.en).join(separator), texts.map(text => text.fr).join(separator));
}

function withUnit(value: string, unit: string): Text {
  return t(`${value}${NO_BREAK}${unit}`, `${value.replace('.', ',')}${NO_BREAK}${unit}`);
}
