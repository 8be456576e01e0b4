/** Takes out of a text what is nobody's business: who, where, and everything that is a secret. Pure. */

export interface Owner {
  readonly userHome: string;
  readonly userName: string;
  readonly hostName: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Strings in data are changed one by one: in JSON, what is looked for would be written differently. */
export function redactData<T>(data: T, owner: Owner): T {
  const rules = rulesFor(owner);
  const change = (value: unknown): unknown => {
    if (typeof value === 'string') return apply(rules, value);
    if (Array.isArray(value)) return value.map(change);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [apply(rules, key), change(one)]),
    );
  };
  return change(data) as T;
}

export function redactText(text: string, owner: Owner): string {
  return apply(rulesFor(owner), text);
}

type Rule = readonly [RegExp, string];

function apply(rules: readonly Rule[], text: string): string {
  return rules.reduce((changed, [pattern, by]) => changed.replace(pattern, by), text);
}

function rulesFor({ userHome, userName, hostName, env }: Owner): readonly Rule[] {
  return [
    ...SECRETS,
    ...variableRules(env),
    ...(userHome.length > 1 ? [[literally(userHome), '~'] as const] : []),
    ...PLACES,
    ...nameRules(userName, '<user>'),
    // A full host name holds the short one, and is to be told as one.
    ...nameRules(hostName, '<host>'),
    ...nameRules(hostName.split('.')[0] ?? '', '<host>'),
  ];
}

/** By their own looks, wherever they stand. */
const SECRETS: readonly Rule[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, '<secret>'],
  [/(\w+:\/\/)[^\s/@]+@/g, '$1<secret>@'],
  [/\b(gh[pousr]_|github_pat_|glpat-|sk-|xox[abeprs]-|AKIA|ASIA|AIza)[\w-]{8,}/g, '<secret>'],
  [/\bnpm_[A-Za-z0-9]{20,}/g, '<secret>'],
  [/\beyJ[\w-]{8,}\.[\w-]+\.?[\w-]*/g, '<secret>'],
  [/\b((?:Bearer|Basic)\s+)[\w.~+/=-]{6,}/gi, '$1<secret>'],
  [
    /((?:token|secret|passw(?:or)?d|passphrase|api[_-]?key|cookie)["']?\s*[=:]\s*)[^\s"'&]+/gi,
    '$1<secret>',
  ],
  [/\b[0-9a-f]{32,}\b/gi, '<secret>'],
  [/\b(?=\w*[a-z])(?=\w*[A-Z])(?=\w*\d)\w{32,}\b/g, '<secret>'],
];

const PLACES: readonly Rule[] = [
  [/(\/(?:home|Users)\/)[^/\s"':;]+/g, '$1<user>'],
  [/(\\Users\\)[^\\\s"':;]+/gi, '$1<user>'],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '<address>'],
  [/\b(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}\b/gi, '<address>'],
  [foreignAddress(), '<address>'],
];

/** An IPv4 address that is not this computer's own for itself, nor one of the labs'. */
function foreignAddress(): RegExp {
  const ours = '127\\.|0\\.0\\.0\\.0|192\\.168\\.(?:5[6-9]|6[0-3])\\.';
  const octet = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
  return new RegExp(`(?<![\\d.])(?!${ours})(?:${octet}\\.){3}${octet}(?![\\d.])`, 'g');
}

/** Values that are told anyway, or that stand in every text. */
const HARMLESS =
  /^(HOME|USERPROFILE|PATH|TERM|COLORTERM|LANG|LANGUAGE|LC_\w+|SHELL|SHLVL|_|TZ|PAGER|EDITOR|npm_(package|lifecycle)_\w+|npm_command|LAB_(LANG|INSTANCE|MACHINES))$/i;
const SECRET_NAME = /token|secret|passw|pwd$|key|auth|cred|cookie|session|private|dsn/i;
const SHORTEST_SECRET = 4;
/** A shorter value of a variable with a harmless name could be any word. */
const SHORTEST_VALUE = 8;

/** Whatever a variable holds is told by its name. The longest first: one may be part of another. */
function variableRules(env: Owner['env']): readonly Rule[] {
  return Object.entries(env)
    .filter(([name, value = '']) => isPrivate(name, value))
    .sort(([, one = ''], [, other = '']) => other.length - one.length)
    .map(([name, value = '']) => [literally(value), `<$$${name}>`]);
}

function isPrivate(name: string, value: string): boolean {
  if (HARMLESS.test(name)) return false;
  if (SECRET_NAME.test(name)) return value.length >= SHORTEST_SECRET;
  // Versions and numbers are what a report is made of.
  return value.length >= SHORTEST_VALUE && !/^v?\d+(\.\d+)*$/.test(value);
}

/** Names that tell nothing about anybody. */
const EVERYBODYS = new Set(
  'admin debian guest localhost node nobody pi root runner test ubuntu user vagrant'.split(' '),
);
const SHORTEST_NAME = 2;

function nameRules(name: string, by: string): readonly Rule[] {
  if (name.length < SHORTEST_NAME || EVERYBODYS.has(name.toLowerCase())) return [];
  return [[new RegExp(`(?<![\\w-])${escaped(name)}(?![\\w-])`, 'gi'), by]];
}

function literally(text: string): RegExp {
  return new RegExp(escaped(text), 'g');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
