/** Letters and shapes: whatever a colour says, one of these says, too. */
import type { CheckView, RibbonMark, StepMark } from '../learn-view.ts';

/** As on the pages of the site: version 1 is A, version 2 is B. */
export function versionLetter(version: string | undefined): string {
  const number = Number(/^v(\d{1,2})$/.exec(version ?? '')?.[1] ?? 0);
  return number >= 1 && number <= 26 ? String.fromCharCode(64 + number) : '-';
}

/** webapp2 is 2, legacy is l; two cells at most. */
export function machineMark(machine: string | undefined): string {
  if (machine === undefined) return '-';
  const sign = /\d{1,2}$/.exec(machine) ?? /^[a-z]/i.exec(machine);
  return sign?.[0].toLowerCase() ?? '?';
}

export const outcomeMarks: Readonly<Record<RibbonMark['outcome'], string>> = {
  answered: '●',
  slow: '◐',
  error: '✘',
  lost: '○',
};

export const checkMarks: Readonly<Record<CheckView['state'], string>> = {
  green: '✔',
  holding: '◔',
  red: '✘',
  unknown: '?',
};

export const stepMarks: Readonly<Record<StepMark['state'], string>> = {
  done: '■',
  skipped: '▨',
  current: '◆',
  ahead: '□',
};
