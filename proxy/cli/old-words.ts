/**
 * Lines as `sozuctl` took them in 2017 and 2018, and today's Sōzu where it differs → the words of
 * this command line. Everything else passes as it is.
 *
 *     application add --id web                              cluster add --id web
 *     query applications -d example.org                     cluster list -d example.org
 *     frontend add --id web --hostname h --path_begin /a    frontend-2017 add …
 *     logging -l debug                                      logging debug
 */

export interface OldLine {
  readonly words: readonly string[];
  /** Why the line can have no effect here; then nothing is sent. */
  readonly refusal?: string;
}

/** Global options that are followed by a value: what comes behind it is the verb. */
const WITH_VALUE = ['-c', '--config', '-s', '--socket', '-t', '--timeout'];

const NO_TLS = 'TLS is not spoken, so there are no certificates';
const NO_TCP = 'only HTTP is relayed, so there are no TCP frontends';

/** Undefined: it has no old words for this verb. */
type Rule = (verb: readonly string[], rest: readonly string[]) => OldLine | undefined;

export function readOldWords(words: readonly string[]): OldLine {
  const at = verbIndex(words);
  const before = words.slice(0, at);
  const line = words.slice(at).map(spelling);
  const rule = Object.hasOwn(rules, line[0] ?? '') ? rules[line[0] ?? ''] : undefined;
  const read = rule?.(line.slice(0, 3), line) ?? { words: line };
  return { ...read, words: [...before, ...read.words] };
}

function verbIndex(words: readonly string[]): number {
  let at = 0;
  while (at < words.length && words[at]?.startsWith('-') === true) {
    at += WITH_VALUE.includes(words[at] ?? '') ? 2 : 1;
  }
  return Math.min(at, words.length);
}

/** The blank is how the option was written in the program of 2017. */
function spelling(word: string): string {
  return word === '--sticky session' ? '--sticky-session' : word;
}

const rules: Readonly<Record<string, Rule>> = {
  application: ([, verb = ''], line) => {
    if (has(line, '-h', '--https-redirect')) return refused(line, NO_TLS);
    if (has(line, '--send-proxy', '--expect-proxy')) {
      return refused(line, 'the PROXY protocol is not spoken');
    }
    return { words: ['cluster', verb, ...stickyLong(line.slice(2), '--sticky-session')] };
  },
  cluster: ([, verb], line) =>
    verb === 'add' ? { words: stickyLong(line, '--sticky-session') } : undefined,
  query: ([, what], line) =>
    what === 'applications' ? { words: ['cluster', 'list', ...line.slice(2)] } : undefined,
  logging: (_verb, line) => ({ words: line.filter(word => word !== '-l' && word !== '--level') }),
  upgrade: (_verb, line) => ({ words: line.map(word => (word === '-w' ? '--worker' : word)) }),
  certificate: (_verb, line) => refused(line, NO_TLS),
  backend: ([, verb], line) =>
    verb === 'add' ? { words: stickyLong(withoutTruth(line), '--sticky-id') } : undefined,
  frontend: readFrontend,
};

function readFrontend(
  [, kind = '', verb = '']: readonly string[],
  line: readonly string[],
): OldLine {
  if (kind === 'tcp' || kind === 'udp') return refused(line, NO_TCP);
  if (kind === 'https') return refused(line, NO_TLS);
  const words = line.map(word => (word === '--host' ? '--hostname' : word));
  const isVerb = (word: string): boolean => word === 'add' || word === 'remove';
  const old = isVerb(kind) ? 1 : kind === 'http' && isVerb(verb) ? 2 : 0;
  if (old === 0 || (old === 2 && !has(words, '-i', '--id'))) return { words };
  if (has(words, '--certificate')) return refused(line, NO_TLS);
  return { words: ['frontend-2017', ...words.slice(old)] };
}

/** `-s` before the verb is the command socket, and would be behind it too. */
function stickyLong(line: readonly string[], option: string): string[] {
  return line.map(word => (word === '-s' ? option : word));
}

/** `--backup true`: a flag with a value. */
function withoutTruth(line: readonly string[]): string[] {
  return line.flatMap((word, index): string[] => {
    const isFlag = word === '-b' || word === '--backup';
    if (isFlag && line[index + 1] === 'false') return [];
    const before = line[index - 1];
    const isValue = (before === '-b' || before === '--backup') && /^(?:true|false)$/.test(word);
    return isValue ? [] : [word];
  });
}

function has(line: readonly string[], ...options: readonly string[]): boolean {
  return line.some(word => options.includes(word.replace(/=.*$/, '')));
}

function refused(words: readonly string[], refusal: string): OldLine {
  return { words, refusal };
}
