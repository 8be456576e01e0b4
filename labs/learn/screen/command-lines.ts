/** A command in as many lines as it needs, each of which a shell still reads as part of it. Pure. */
import { clean, width } from './cells.ts';

const SIGN = '$ ';
const FURTHER = '  ';
const CONTINUED = ' \\';

/**
 * Broken at spaces that are outside of quotes, with a backslash at the end; where there is none,
 * in the middle of a word.
 */
export function commandLines(command: string, columns: number): readonly string[] {
  const room = columns - width(SIGN);
  const lines = brokenLines(clean(command), room);
  return lines.map((line, index) => `${index === 0 ? SIGN : FURTHER}${line}`);
}

function brokenLines(command: string, room: number): readonly string[] {
  if (width(command) <= room) return [command];
  const places = spacesOutsideQuotes(command);
  const place = places.filter(at => width(command.slice(0, at)) <= room - CONTINUED.length).at(-1);
  if (place === undefined) {
    const at = cellsToIndex(command, room);
    return [command.slice(0, at), ...brokenLines(command.slice(at), room)];
  }
  const rest = command.slice(place + 1);
  return [`${command.slice(0, place)}${CONTINUED}`, ...brokenLines(rest, room)];
}

function spacesOutsideQuotes(command: string): readonly number[] {
  const places: number[] = [];
  let quote = '';
  for (let at = 0; at < command.length; at += 1) {
    const sign = command[at] ?? '';
    if (sign === '\\' && quote !== "'") at += 1;
    else if (quote === '' && (sign === "'" || sign === '"')) quote = sign;
    else if (sign === quote) quote = '';
    else if (quote === '' && sign === ' ' && at > 0) places.push(at);
  }
  return places;
}

/** The longest beginning that takes at most `room` cells; one sign at least. */
function cellsToIndex(text: string, room: number): number {
  let at = 0;
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += width(segment);
    if (used > room && at > 0) break;
    at += segment.length;
  }
  return at;
}
