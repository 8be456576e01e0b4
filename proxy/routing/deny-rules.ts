/**
 * Requests that a listener refuses for what they say: each rule is searched in the target and in
 * the values of the fields, as they came and percent-decoded once and twice. Bodies are not searched:
 * they are relayed as they come, and a part of one says little.
 */
import { RE2JS, RE2Set } from 're2js';
import { suggest } from '../shared/nearest.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { compileRegex } from './linear-regex.ts';
import { holdsJndiLookup } from './log4shell.ts';
import { percentDecoded } from './percent-decoding.ts';

export interface DenyRule {
  /** Shown in the log, never to the client. */
  readonly name: string;
  /** RE2 syntax, case does not count. Absent: `name` is a rule that comes with the proxy. */
  readonly pattern?: string;
  /** Default `both`. */
  readonly in?: 'target' | 'fields' | 'both';
}

/** A request head is one. */
export interface DenySubject {
  readonly bytes: Buffer;
  readonly targetStart: number;
  readonly targetEnd: number;
  readonly count: number;
  readonly valueStart: Int32Array;
  readonly valueEnd: Int32Array;
}

const builtIn: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['log4shell', holdsJndiLookup],
]);

const DECODING_ROUNDS = 2;

/** What is wrong with a rule. */
export function checkDenyRule({ name, pattern }: DenyRule): Result<undefined, string> {
  if (pattern !== undefined) {
    const compiled = compileRegex(pattern, true);
    return compiled.ok ? ok(undefined) : compiled;
  }
  if (builtIn.has(name)) return ok(undefined);
  const hint = suggest(name, [...builtIn.keys()]);
  return err(
    `the rule "${name}" has no pattern, and none of this name comes with the proxy${hint}`,
  );
}

/** The rules of a listener, compiled once; they have been checked. */
export class DenyRules {
  private readonly forTarget: RuleSet;
  private readonly forFields: RuleSet;

  constructor(rules: readonly DenyRule[]) {
    this.forTarget = new RuleSet(rules.filter(rule => rule.in !== 'fields'));
    this.forFields = new RuleSet(rules.filter(rule => rule.in !== 'target'));
  }

  /** The name of a rule that the request meets; undefined in the usual case. */
  find(subject: DenySubject): string | undefined {
    const { bytes, targetStart, targetEnd, count, valueStart, valueEnd } = subject;
    const { forTarget, forFields } = this;
    if (!forTarget.isEmpty) {
      const met = forTarget.search(bytes.toString('utf8', targetStart, targetEnd));
      if (met !== undefined) return met;
    }
    if (forFields.isEmpty) return undefined;
    for (let i = 0; i < count; i++) {
      const met = forFields.search(bytes.toString('utf8', valueStart[i], valueEnd[i]));
      if (met !== undefined) return met;
    }
    return undefined;
  }
}

class RuleSet {
  readonly isEmpty: boolean;
  /** All patterns as one automaton: a text is read once, however many there are. */
  private readonly patterns: RE2Set | undefined;
  private readonly patternNames: readonly string[];
  private readonly builtIns: readonly string[];

  constructor(rules: readonly DenyRule[]) {
    this.isEmpty = rules.length === 0;
    const own = rules.flatMap(({ name, pattern }) =>
      pattern === undefined ? [] : [{ name, pattern }],
    );
    this.builtIns = rules.filter(rule => rule.pattern === undefined).map(rule => rule.name);
    this.patternNames = own.map(rule => rule.name);
    this.patterns = undefined;
    if (own.length === 0) return;
    const set = new RE2Set(RE2Set.UNANCHORED, RE2JS.CASE_INSENSITIVE);
    for (const { pattern } of own) set.add(pattern);
    set.compile();
    this.patterns = set;
  }

  search(raw: string): string | undefined {
    let text = raw;
    for (let round = 0; ; round++) {
      const met = this.searchText(text);
      if (met !== undefined || round === DECODING_ROUNDS || !text.includes('%')) return met;
      const decoded = percentDecoded(text);
      if (decoded === text) return undefined;
      text = decoded;
    }
  }

  private searchText(text: string): string | undefined {
    const [first] = this.patterns?.match(text) ?? [];
    if (first !== undefined) return this.patternNames[first];
    return this.builtIns.find(name => builtIn.get(name)?.(text) === true);
  }
}

const compiled = new WeakMap<readonly DenyRule[], DenyRules>();

/** Undefined for a listener without rules: its requests pay one compare. */
export function denyRulesOf(rules: readonly DenyRule[] | undefined): DenyRules | undefined {
  if (rules === undefined || rules.length === 0) return undefined;
  const known = compiled.get(rules);
  if (known !== undefined) return known;
  const fresh = new DenyRules(rules);
  compiled.set(rules, fresh);
  return fresh;
}
