/**
 * Finds what makes Log4j 2 load code from a stranger (CVE-2021-44228): a JNDI lookup, `${jndi:…}`.
 * Attackers hide it in other lookups, because Log4j resolves those first:
 *
 *     ${${lower:J}ndi:…}   ${${::-j}${::-n}di:…}   ${j${k8s:x:-ND}i:…}   ${${date:'j'}ndi:…}
 *
 * No pattern catches them all and spares `${join}`, so lookups are resolved here as Log4j does it.
 */

/** A lookup put together from the values of others needs another round; more is never seen. */
const MAX_ROUNDS = 4;
/** No honest text nests so deep; and each level costs time. */
const MAX_DEPTH = 50;

export function holdsJndiLookup(text: string): boolean {
  let rest = text;
  for (let round = 0; round < MAX_ROUNDS && rest.includes('${'); round++) {
    const next = resolveAll(rest);
    if (next === undefined) return true;
    rest = next;
  }
  return false;
}

/** Replaces every lookup, the innermost first; undefined when one is a JNDI lookup, or hides one. */
function resolveAll(text: string): string | undefined {
  const outer: string[] = [];
  let current = '';
  for (const [part] of text.matchAll(/\$\{|\}|[^$}]+|\$/g)) {
    if (part === '${') {
      outer.push(current);
      current = '';
    } else if (part !== '}' || outer.length === 0) current += part;
    else {
      const value = resolved(current);
      if (value === undefined || outer.length > MAX_DEPTH) return undefined;
      current = `${outer.pop() ?? ''}${value}`;
    }
  }
  // What is never closed does no harm as it stands, but somebody may add the brace.
  const unclosed = outer.length === 0 ? [] : [...outer.slice(1), current];
  return unclosed.some(isJndi) ? undefined : `${outer.join('')}${current}`;
}

function isJndi(lookup: string): boolean {
  return /^\s*jndi\s*:/i.test(lookup);
}

/** The text that Log4j puts in the place of a lookup; undefined for what it must never look up. */
function resolved(lookup: string): string | undefined {
  if (isJndi(lookup)) return undefined;
  const [, kind = '', argument = ''] = /^(\w+):(?!:?-)(.*?)(?::-.*)?$/s.exec(lookup) ?? [];
  switch (kind.toLowerCase()) {
    case 'lower':
      return argument.toLowerCase();
    case 'upper':
      return argument.toUpperCase();
    case 'date':
      // A format: what stands in quotes is taken as it is.
      return argument.replace(/'([^']*)'|[^']/g, '$1');
    case 'base64': {
      const decoded = Buffer.from(argument, 'base64').toString('utf8');
      return holdsJndiLookup(decoded) ? undefined : decoded;
    }
    default: {
      // Nobody knows the server's variables, and the attacker neither: what counts is the default.
      const at = lookup.indexOf(':-');
      return at < 0 ? '' : lookup.slice(at + 2);
    }
  }
}
