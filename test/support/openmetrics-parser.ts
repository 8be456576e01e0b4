/** A strict reader of OpenMetrics 1.0 text, for what the proxy writes of it; throws at what is wrong. */

export interface ParsedSample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

export interface ParsedFamily {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly unit: string | undefined;
  readonly samples: ParsedSample[];
}

const nameShape = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const numberShape = /^(?:-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|\+Inf|-Inf|NaN)$/;

const suffixes: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total'],
  gauge: [''],
  histogram: ['_bucket', '_count', '_sum'],
};

export function parseOpenMetrics(text: string): Map<string, ParsedFamily> {
  if (!text.endsWith('# EOF\n')) throw new Error('the text does not end with # EOF');
  const lines = text.slice(0, -'# EOF\n'.length).split('\n');
  if (lines.pop() !== '') throw new Error('the last line has no end');
  const families = new Map<string, ParsedFamily>();
  const seen = new Set<string>();
  let current: ParsedFamily | undefined;
  for (const line of lines) {
    if (line === '' || line !== line.trim()) throw new Error(`stray space: ${line}`);
    if (line.startsWith('#')) {
      current = readMeta(line, families, current);
      continue;
    }
    const sample = readSample(line);
    if (current === undefined) throw new Error(`a sample without a family: ${line}`);
    addSample(current, sample, seen);
  }
  for (const family of families.values()) checkHistogram(family);
  return families;
}

function addSample(family: ParsedFamily, sample: ParsedSample, seen: Set<string>): void {
  const { name, labels, value } = sample;
  const known = suffixes[family.type]?.includes(name.slice(family.name.length));
  if (!name.startsWith(family.name) || !known) {
    throw new Error(`${name} does not belong to ${family.type} ${family.name}`);
  }
  const identity = JSON.stringify([name, [...labels].sort()]);
  if (seen.has(identity)) throw new Error(`twice: ${identity}`);
  seen.add(identity);
  if (family.type !== 'gauge' && !(value >= 0)) throw new Error(`negative: ${identity}`);
  family.samples.push(sample);
}

function readMeta(
  line: string,
  families: Map<string, ParsedFamily>,
  current: ParsedFamily | undefined,
): ParsedFamily {
  const [, word, name = '', rest = ''] = /^# (TYPE|UNIT|HELP) (\S+) (.+)$/.exec(line) ?? [];
  if (word === undefined || !nameShape.test(name)) throw new Error(`not a comment: ${line}`);
  if (word === 'TYPE') {
    if (families.has(name)) throw new Error(`the family ${name} comes twice`);
    if (suffixes[rest] === undefined) throw new Error(`unknown type: ${line}`);
    const family = { name, type: rest, help: '', unit: undefined, samples: [] };
    families.set(name, family);
    return family;
  }
  if (current?.name !== name || current.samples.length > 0)
    throw new Error(`out of place: ${line}`);
  if (word === 'UNIT' && !name.endsWith(`_${rest}`)) throw new Error(`the name lacks it: ${line}`);
  const family = { ...current, ...(word === 'UNIT' ? { unit: rest } : { help: rest }) };
  families.set(name, family);
  return family;
}

function readSample(line: string): ParsedSample {
  const [name = ''] = /^[^ {]*/.exec(line) ?? [];
  if (!nameShape.test(name)) throw new Error(`not a name: ${line}`);
  const labels = new Map<string, string>();
  let at = name.length;
  if (line[at] === '{') {
    at += 1;
    while (line[at] !== '}') {
      const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,(?!\})|(?=\}))/.exec(
        line.slice(at),
      );
      if (label === null) throw new Error(`not a label at ${at}: ${line}`);
      const [all, key = '', value = ''] = label;
      if (labels.has(key)) throw new Error(`the label ${key} comes twice: ${line}`);
      labels.set(key, unescaped(value));
      at += all.length;
    }
    at += 1;
  }
  const number = line.slice(at + 1);
  if (line[at] !== ' ' || !numberShape.test(number)) throw new Error(`not a number: ${line}`);
  return { name, labels, value: Number(number.replace('Inf', 'Infinity')) };
}

function unescaped(text: string): string {
  return text.replace(/\\([\\"n])/g, (_, found: string) => (found === 'n' ? '\n' : found));
}

/** Buckets grow, end with +Inf, and +Inf is the count. */
function checkHistogram({ type, name, samples }: ParsedFamily): void {
  if (type !== 'histogram') return;
  let last = { le: Number.NEGATIVE_INFINITY, count: 0 };
  for (const { name: full, labels, value } of samples) {
    if (full === `${name}_bucket`) {
      const le = Number(labels.get('le')?.replace('Inf', 'Infinity'));
      if (!(le > last.le) || value < last.count) throw new Error(`${name}: a bucket out of order`);
      last = { le, count: value };
    } else if (full === `${name}_count`) {
      if (last.le !== Number.POSITIVE_INFINITY || last.count !== value) {
        throw new Error(`${name}: the buckets do not end with the count`);
      }
      last = { le: Number.NEGATIVE_INFINITY, count: 0 };
    }
  }
}
