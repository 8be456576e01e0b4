/** The host of a frontend: one name, `*.example.org`, `/regex/.example.org`, or `*`. */
import { err, ok, type Result } from '../shared/result.ts';
import { compileRegex, type LinearRegex } from './linear-regex.ts';

export type HostPattern =
  | { readonly kind: 'exact'; readonly name: string }
  /** `suffix` begins with the dot; before it stands exactly one label. */
  | { readonly kind: 'wildcard'; readonly suffix: string }
  /**
   * `labels` are matched one by one; `tail`, with its dot, is what follows them literally.
   *
   *     /img[0-9]/.cdn.example.org      www./fr|de/.example.org
   *     ───labels─ ─────tail──────      ────labels─ ────tail───
   */
  | {
      readonly kind: 'regex';
      readonly labels: readonly (string | LinearRegex)[];
      readonly tail: string;
    }
  | { readonly kind: 'any' };

/** Names are lower case already; patterns match in any case, because host names have none. */
export function parseHostPattern(text: string): Result<HostPattern, string> {
  if (text === '*') return ok({ kind: 'any' });
  if (text.startsWith('*.')) return parseWildcard(text);
  if (text.includes('/')) return parseRegexHost(text);
  if (text.includes('*')) {
    return err(
      `"${text}": a "*" stands for the whole first label (*.example.org) or for every host`,
    );
  }
  return ok({ kind: 'exact', name: text });
}

function parseWildcard(text: string): Result<HostPattern, string> {
  const suffix = text.slice(1);
  if (isLiteral(suffix.slice(1))) return ok({ kind: 'wildcard', suffix });
  return err(`"${text}": behind "*." stands a plain host name, such as *.example.org`);
}

/** A label, or a pattern between slashes, that ends at a dot or at the end. */
const nextLabel = /(?:\/([^/]+)\/|([a-z0-9_-]+))(?:\.|$)/iy;

function parseRegexHost(text: string): Result<HostPattern, string> {
  const labels: (string | LinearRegex)[] = [];
  let literal = 0;
  nextLabel.lastIndex = 0;
  while (nextLabel.lastIndex < text.length) {
    const label = nextLabel.exec(text);
    if (label === null) {
      return err(`"${text}": a pattern is one whole label between slashes: /[a-z]+/.example.org`);
    }
    const [, pattern, name] = label;
    literal = pattern === undefined ? literal + 1 : 0;
    if (pattern === undefined) labels.push(name ?? '');
    else {
      const regex = compileRegex(pattern, true);
      if (!regex.ok) return regex;
      labels.push(regex.value);
    }
  }
  if (text.endsWith('.')) return err(`"${text}" ends with a dot`);
  const tail = labels.splice(labels.length - literal).map(label => `.${String(label)}`);
  return ok({ kind: 'regex', labels, tail: tail.join('') });
}

function isLiteral(name: string): boolean {
  return /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(name);
}

/** `hostname` is lower case, without port. */
export function matchesHost(pattern: HostPattern, hostname: string): boolean {
  switch (pattern.kind) {
    case 'any':
      return true;
    case 'exact':
      return pattern.name === hostname;
    case 'wildcard': {
      const dot = hostname.indexOf('.');
      return (
        dot > 0 &&
        hostname.length - dot === pattern.suffix.length &&
        hostname.endsWith(pattern.suffix)
      );
    }
    case 'regex':
      return hostname.endsWith(pattern.tail) && matchesLabels(pattern, hostname);
  }
}

function matchesLabels(
  { labels, tail }: HostPattern & { kind: 'regex' },
  hostname: string,
): boolean {
  const given = hostname.slice(0, hostname.length - tail.length).split('.');
  if (given.length !== labels.length) return false;
  return labels.every((label, index) => {
    const name = given[index] ?? '';
    return name !== '' && (typeof label === 'string' ? label === name : label.matches(name));
  });
}
