/** What zod found wrong with a value, in the words of the file format. */
import * as z from 'zod';
import { suggest } from '../shared/nearest.ts';
import { unknownKey } from './unknown-key.ts';

const typeNames: Readonly<Record<string, string>> = {
  string: 'text in quotes',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list [ … ]',
  object: 'a table',
  record: 'a table',
};

export function explainIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') {
    const expected = typeNames[issue.expected] ?? issue.expected;
    if (issue.input === undefined) return `is missing; it must be ${expected}`;
    return `must be ${expected}, not ${JSON.stringify(issue.input)}`;
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    return `${JSON.stringify(issue.input)} is not possible${suggest(String(issue.input), values)}`;
  }
  return issue.message;
}

/** Where the issue stands below the value; an unknown key stands where it is written. */
export function issuePath(issue: z.core.$ZodIssue): (string | number)[] {
  const path = issue.path.filter(key => typeof key !== 'symbol');
  const [unknown] = issue.code === 'unrecognized_keys' ? issue.keys : [];
  return unknown === undefined ? path : [...path, unknown];
}

/** A table of the file that has these keys and no others. */
export function strictTable<const Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    error: issue =>
      issue.code === 'unrecognized_keys'
        ? unknownKey(String(issue.keys[0]), Object.keys(shape))
        : undefined,
  });
}
