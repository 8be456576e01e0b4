/** Reads the answers that a file names: `answer_503 = "path"` and `answers.503 = text or file://path`. */
import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import {
  ANSWER_STATUSES,
  type AnswerTemplate,
  type AnswerWarning,
  parseAnswer,
} from '../http1/answer-template.ts';
import { pathOfFileAddress } from '../shared/file-address.ts';
import { nearest } from '../shared/nearest.ts';
import type { TomlTable } from './check-keys.ts';
import type { Advice, Findings, KeyPath } from './findings.ts';

const MAX_ANSWER_BYTES = 256 * 1024;

type Answers = Record<string, AnswerTemplate>;

const statusKey = /^answer_(\d{3})$/;
const noAnswers: Answers = {};

export class AnswerFiles {
  readonly #folder: string;
  readonly #findings: Findings;
  /** By status and path: many clusters may share one file. */
  readonly #read = new Map<string, AnswerTemplate>();

  constructor(folder: string, findings: Findings) {
    this.#folder = folder;
    this.#findings = findings;
  }

  /** From `answer_<status>` keys first; the `answers` map wins over them, as in Sōzu. */
  collect(table: TomlTable, place: KeyPath): Answers {
    const { answers: map } = table;
    const named = Object.keys(table).filter(key => statusKey.test(key));
    if (named.length === 0 && map === undefined) return noAnswers;
    const answers: Answers = {};
    for (const key of named) {
      this.#add(answers, key.slice('answer_'.length), table[key], [...place, key], true);
    }
    if (map === undefined) return answers;
    if (typeof map !== 'object' || map === null || Array.isArray(map)) {
      this.#findings.error([...place, 'answers'], 'must be a table of status = answer');
      return answers;
    }
    for (const [status, value] of Object.entries(map)) {
      this.#add(answers, status, value, [...place, 'answers', status], false);
    }
    return answers;
  }

  #add(into: Answers, status: string, value: unknown, place: KeyPath, isPath: boolean): void {
    if (!ANSWER_STATUSES.includes(Number(status))) {
      const known = ANSWER_STATUSES.join(', ');
      this.#findings.error(place, `the proxy never answers ${status}; it answers ${known}`);
      return;
    }
    if (typeof value !== 'string') {
      this.#findings.error(place, `must be text in quotes, not ${JSON.stringify(value)}`);
      return;
    }
    const file = isPath ? value : pathOfFileAddress(value);
    if (file !== undefined) this.#fromFile(into, status, file, place);
    else {
      const template = this.#parse(status, value, 'text', place);
      if (template !== undefined) into[status] = template;
    }
  }

  #fromFile(into: Answers, status: string, file: string, place: KeyPath): void {
    const absolute = path.resolve(this.#folder, file);
    const known = this.#read.get(`${status} ${absolute}`);
    if (known !== undefined) {
      into[status] = known;
      return;
    }
    try {
      const { size } = statSync(absolute);
      if (size > MAX_ANSWER_BYTES) {
        this.#findings.error(place, `${absolute} is larger than ${MAX_ANSWER_BYTES} bytes`);
        return;
      }
      const bytes = readFileSync(absolute);
      if (!isUtf8(bytes)) this.#findings.error(place, `${absolute} is not UTF-8 text`);
      else {
        const template = this.#parse(status, bytes.toString(), file, place, absolute);
        if (template === undefined) return;
        into[status] = template;
        this.#read.set(`${status} ${absolute}`, template);
      }
    } catch (cause) {
      this.#findings.error(place, `cannot read ${absolute}: ${whyUnreadable(cause)}`);
    }
  }

  /** `absolute`: of the file that the text comes from. */
  #parse(
    status: string,
    text: string,
    source: string,
    place: KeyPath,
    absolute?: string,
  ): AnswerTemplate | undefined {
    const answer = parseAnswer(text, Number(status), source);
    if (!answer.ok) {
      this.#findings.error(place, answer.error.message);
      return undefined;
    }
    for (const warning of answer.value.warnings) {
      this.#findings.warn(place, warning.text, adviceFor(warning, absolute));
    }
    return answer.value.template;
  }
}

function adviceFor(warning: AnswerWarning, file: string | undefined): Advice {
  const { why, blankLineBefore: before, strayBlankLine: stray } = warning;
  const advice: Advice = why === undefined ? {} : { why };
  if (before !== undefined) {
    const fix = `insert an empty line before line ${before}`;
    if (file === undefined) return { ...advice, fix };
    return { ...advice, fix, edit: { kind: 'insert-blank-line', file, before } };
  }
  if (stray === undefined) return advice;
  const fix = `remove the empty line ${stray}`;
  if (file === undefined) return { ...advice, fix };
  return { ...advice, fix, edit: { kind: 'remove-line', file, line: stray } };
}

export function whyUnreadable(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES') return 'this user may not read it';
  if (code === 'EISDIR') return 'it is a folder';
  return cause instanceof Error ? cause.message : String(cause);
}

/** For messages about a missing file. */
export function nearestFile(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  return near === undefined ? '' : `; did you mean "${near}"?`;
}
