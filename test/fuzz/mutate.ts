/** One input → another one: dictionary words, other inputs' parts, bits, lines. */
import type { Random } from './random.ts';

const MOST_BYTES = 700;
/** Bytes at which parsers change their mind. */
const turningPoints = Buffer.from(
  '\0\t\n\v\f\r !"#%+,-/0159:;<=>?@AFGZ[\\]_afgz{|}~\x7f\x80\x85\xa0\xff',
  'latin1',
);

export interface Material {
  readonly corpus: readonly Buffer[];
  readonly dictionary: readonly Buffer[];
}

/** One to six changes, most often few. */
export function mutate(random: Random, material: Material): Buffer {
  let bytes: Buffer = Buffer.from(random.pick(material.corpus));
  const changes = 1 + Math.min(random.below(6), random.below(6));
  for (let i = 0; i < changes; i++) bytes = change(random, bytes, material);
  return bytes.length > MOST_BYTES ? bytes.subarray(0, MOST_BYTES) : bytes;
}

function change(random: Random, bytes: Buffer, material: Material): Buffer {
  const at = random.below(bytes.length + 1);
  switch (random.below(9)) {
    case 0:
      return flipBit(random, bytes, at);
    case 1:
      return replaceByte(bytes, at, turningPoints[random.below(turningPoints.length)] as number);
    case 2:
      return insert(
        bytes,
        at,
        Buffer.from([turningPoints[random.below(turningPoints.length)] as number]),
      );
    case 3:
    case 4:
      return insert(bytes, at, random.pick(material.dictionary));
    case 5:
      return remove(bytes, at, 1 + random.below(random.below(4) === 0 ? 40 : 3));
    case 6:
      return insert(bytes, at, slice(random, bytes));
    case 7:
      return insert(bytes, at, slice(random, random.pick(material.corpus)));
    default:
      return splice(random, bytes, random.pick(material.corpus));
  }
}

function flipBit(random: Random, bytes: Buffer, at: number): Buffer {
  return replaceByte(bytes, at, (bytes[at] ?? 0) ^ (1 << random.below(8)));
}

function replaceByte(bytes: Buffer, at: number, byte: number): Buffer {
  if (at < bytes.length) bytes[at] = byte;
  return bytes;
}

function insert(bytes: Buffer, at: number, more: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
}

function remove(bytes: Buffer, at: number, count: number): Buffer {
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + count)]);
}

function slice(random: Random, bytes: Buffer): Buffer {
  const start = random.below(bytes.length + 1);
  return bytes.subarray(start, start + 1 + random.below(30));
}

/** The beginning of one and the end of another. */
function splice(random: Random, bytes: Buffer, other: Buffer): Buffer {
  const end = other.subarray(random.below(other.length + 1));
  return Buffer.concat([bytes.subarray(0, random.below(bytes.length + 1)), end]);
}
