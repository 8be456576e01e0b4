/** `--default NAME`: the option that gives another option its default again. */
import { InvalidArgumentError } from 'commander';
import { suggest } from '../shared/nearest.ts';

type Parse = (text: string, before?: readonly string[]) => string[];

/** `names`: what options are called here → what requests call them. Answers are known besides. */
export function defaultOption(names: Readonly<Record<string, string>>): Parse {
  return (text, before = []) => {
    const status = /^answer-([2-5]\d\d)$/.exec(text)?.[1];
    const key = status === undefined ? names[text] : `answers.${status}`;
    if (key !== undefined) return [...before, key];
    const known = [...Object.keys(names), 'answer-503'];
    throw new InvalidArgumentError(`"${text}" has no default${suggest(text, known)}`);
  };
}
