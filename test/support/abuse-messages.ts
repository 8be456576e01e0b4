/** Messages that no honest client sends, the same for the same seed. None of them may change anything. */
import { requestKinds } from '../../proxy/command/request-schemas.ts';

/** One or more messages with their ends, as bytes. */
export type Abuse = (random: () => number) => Buffer;

const DEPTH = 100_000;
const deepList = '['.repeat(DEPTH) + ']'.repeat(DEPTH);
const deepObject = `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`;

/** Its fields are those of a change; only what is wrong with it keeps it from being one. */
const add = { kind: 'add-backend', backend: { clusterId: 'web', address: '127.0.0.9:9' } };
const weigh = { kind: 'set-weight', clusterId: 'web', address: '127.0.0.1:9', weight: 3 };
const bases = [
  add,
  weigh,
  { kind: 'add-cluster', cluster: { id: 'x', loadBalancing: 'round-robin', answers: {} } },
  { kind: 'remove-cluster', clusterId: 'web' },
  { kind: 'remove-backend', clusterId: 'web', address: '127.0.0.1:9' },
  { kind: 'transaction', requests: [weigh] },
];
const wrongValues: readonly unknown[] = [
  null,
  true,
  [],
  [[1]],
  {},
  { toString: 1, valueOf: 1 },
  { length: 3 },
  -1,
  1.5,
  '',
  '\u0000',
  'a\nb',
  'a\u0000b',
  '\ud800',
  'x'.repeat(5_000),
];
const oddNames = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', ' ', 'statsu'];
const names2017 = [
  'PROXY',
  'SAVE_STATE',
  'UPGRADE_WORKER',
  'ADD_INSTANCE',
  'LAUNCH_WORKER',
  '',
  'x',
];

function pick<T>(random: () => number, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

function line(random: () => number, text: string | Buffer): Buffer {
  const end = random() < 0.5 ? '\n' : '\0';
  return Buffer.concat([Buffer.from(text), Buffer.from(end)]);
}

function object(random: () => number, value: object): Buffer {
  return line(random, JSON.stringify(value));
}

/** With one wrong value in any place but the kind. */
function spoilt(random: () => number, value: unknown): unknown {
  if (Array.isArray(value) && value.length > 0) return value.map(each => spoilt(random, each));
  if (typeof value !== 'object' || value === null) return pick(random, wrongValues);
  // Without answers of its own a cluster is right.
  const keys = Object.keys(value).filter(each => each !== 'kind' && each !== 'answers');
  const key = pick(random, keys);
  const inner = (value as Record<string, unknown>)[key];
  const isLeaf = typeof inner !== 'object' || random() < 0.2;
  return { ...value, [key]: isLeaf ? pick(random, wrongValues) : spoilt(random, inner) };
}

const kinds: Readonly<Record<string, Abuse>> = {
  noise: random => {
    const bytes = Buffer.alloc(1 + Math.floor(random() * 300));
    // Ends of messages may be anywhere in it.
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = random() * 256;
    return line(random, Buffer.concat([Buffer.from('x'), bytes]));
  },
  'broken UTF-8': random => {
    const bytes = Buffer.from(JSON.stringify({ id: 'bad', ...add }));
    bytes[bytes.length - 10] = pick(random, [0xff, 0xc0, 0x80, 0xed]);
    return line(random, bytes);
  },
  'cut short': random => {
    const text = JSON.stringify({ id: 'bad', ...pick(random, bases) });
    return line(random, text.slice(0, 1 + Math.floor(random() * (text.length - 1))));
  },
  'one bit turned': random => {
    const bytes = Buffer.from(JSON.stringify({ kind: 'list-clusters', clusterId: 'web' }));
    const index = Math.floor(random() * bytes.length);
    bytes[index] = (bytes[index] ?? 0) ^ (1 << Math.floor(random() * 8));
    return line(random, bytes);
  },
  'wrong value': random =>
    object(random, { id: 'bad', ...(spoilt(random, pick(random, bases)) as object) }),
  'key too many': random =>
    object(random, {
      id: 'bad',
      kind: pick(random, requestKinds),
      [pick(random, ['x', '', 'toString'])]: 1,
    }),
  __proto__: random => {
    const inner = JSON.stringify(pick(random, wrongValues));
    const { kind, ...rest } = add;
    const text = JSON.stringify({ id: 'bad', kind, ...rest });
    return line(random, `${text.slice(0, -1)},"__proto__":${inner}}`);
  },
  'kind unknown': random =>
    object(random, { id: 'bad', kind: pick(random, [...oddNames, ...wrongValues]) }),
  'kind twice': random =>
    line(random, `{"id":"bad","kind":"${pick(random, requestKinds)}","kind":"no such kind"}`),
  'key twice': random =>
    line(random, `{"id":"bad","kind":"remove-cluster","clusterId":"web","clusterId":"no such"}`),
  'wrong id': random =>
    object(random, { ...weigh, id: pick(random, [null, {}, [], true, 'x'.repeat(65)]) }),
  'wrong flag': random =>
    object(random, { id: 'bad', ...weigh, dryRun: pick(random, [null, 'true', 1, {}]) }),
  'wrong asker': random =>
    object(random, { id: 'bad', ...weigh, by: pick(random, [null, 'me', [], { uid: {} }]) }),
  'wrong change in a transaction': random => {
    const kind = pick(random, [...oddNames, ...wrongValues, 'status', 'transaction', 'hard-stop']);
    return object(random, { id: 'bad', kind: 'transaction', requests: [weigh, { kind }] });
  },
  'number without end': random =>
    line(random, `{"id":"bad",${JSON.stringify(weigh).slice(1).replace(':3', ':1e999')}`),
  'as in 2017': random => {
    const data = { type: pick(random, names2017), data: pick(random, wrongValues) };
    const version = pick(random, [0, 0, 1, null, {}]);
    const type = pick(random, ['PROXY', 'PROXY', 'SAVE_STATE', 'UPGRADE_WORKER', ...oddNames]);
    return object(random, { id: 'bad', version, type, data });
  },
  'not an object': random =>
    line(random, pick(random, ['1', 'null', '"x"', '[]', 'true', '-', '{', '\ufeff{}'])),
  nothing: () => Buffer.from('\n\n\0\n\0\0'),
};

/** They cost more, so they come seldom. */
const largeKinds: Readonly<Record<string, Abuse>> = {
  'deep list': random => line(random, pick(random, [deepList, '['.repeat(DEPTH)])),
  'deep kind': random => line(random, `{"id":"bad","kind":${deepList}}`),
  'deep id': random => line(random, `{"kind":"status","id":${deepList}}`),
  'deep key too many': random => line(random, `{"id":"bad","kind":"status","x":${deepObject}}`),
  'deep change': random =>
    line(random, `{"id":"bad","kind":"transaction","requests":[{"kind":${deepList}}]}`),
  'deep requests': random =>
    line(random, `{"id":"bad","kind":"transaction","requests":${deepList}}`),
  'deep version of 2017': random =>
    line(random, `{"id":"bad","type":"PROXY","version":${deepList}}`),
  'deep data of 2017': random =>
    line(random, `{"id":"bad","type":"PROXY","version":0,"data":${deepObject}}`),
  'long name': random =>
    object(random, { id: 'bad', kind: 'remove-cluster', clusterId: 'x'.repeat(500_000) }),
};

const smallNames = Object.keys(kinds);
const largeNames = Object.keys(largeKinds);
export const abuseNames: readonly string[] = [...smallNames, ...largeNames];

/** The n-th of a sequence: every kind comes in turn, the large ones once in 200. */
export function abuse(
  n: number,
  random: () => number,
): { readonly name: string; readonly bytes: Buffer } {
  const isLarge = n % 200 === 0;
  const name = isLarge
    ? (largeNames[(n / 200) % largeNames.length] as string)
    : (smallNames[n % smallNames.length] as string);
  const make = (isLarge ? largeKinds : kinds)[name] as Abuse;
  return { name, bytes: make(random) };
}

/** How many messages a reader of lines and NULs finds in these bytes. */
export function countMessages(bytes: Buffer): number {
  let count = 0;
  let begin = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    if (bytes[index] !== 0x0a && bytes[index] !== 0) continue;
    if (index > begin) count += 1;
    begin = index + 1;
  }
  return count;
}
