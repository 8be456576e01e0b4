/** Chunked bodies: the same end and data in any pieces, and for the strict reader. */
import { CHUNKED } from '../../../proxy/http1/body-framing.ts';
import { BodyReader } from '../../../proxy/http1/body-reader.ts';
import { REQUEST_CASES } from '../../conformance/http1/request-cases.ts';
import { readChunkedBody } from '../../conformance/http1/strict-reader.ts';
import type { Random } from '../random.ts';
import { latin1, type Outcome, type Target, Violation } from '../target.ts';

const whole = new BodyReader();
const parts = new BodyReader();

export const chunks: Target = {
  name: 'chunk',
  seeds: latin1(
    REQUEST_CASES.filter(({ category }) => /chunk|trailer|line ends/.test(category))
      .flatMap(group => group.cases)
      .map(test => test.bytes.replace(/^.*?\r\n\r\n/s, ''))
      .filter(bytes => bytes.length < 600),
  ),
  dictionary: latin1([
    '\r\n',
    '0\r\n\r\n',
    '5\r\nhello\r\n',
    '0\r\n',
    'a\r\n',
    ';',
    ';a=b',
    ';a="b"',
    '"',
    '\\"',
    '=',
    'X: y\r\n',
    'Host: a\r\n',
    'Content-Length: 1\r\n',
    'ffffffffffffff',
    '00000',
    '\r',
    '\n',
    ' ',
    '\0',
  ]),
  check,
};

function check(bytes: Buffer, random: Random): Outcome {
  whole.start(CHUNKED);
  const end = whole.consume(bytes, 0, bytes.length);
  const data = inParts(bytes, random, end);
  const strict = readChunkedBody(bytes.toString('latin1'));
  if (whole.done) {
    if (typeof strict === 'string' || 'problem' in strict) {
      throw new Violation(`accepted, but for the strict reader: ${JSON.stringify(strict)}`);
    }
    if (strict.end !== end || strict.value !== data)
      throw new Violation('another end or other data');
  }
  const state = whole.done ? 'done' : whole.bad ? 'bad' : 'more';
  const shape = bytes.toString('latin1', Math.max(0, end - 2), end).replace(/[0-9a-z]/gi, 'x');
  return { signature: `${state} ${Math.floor(Math.log2(end + 1))} ${shape}` };
}

/** The data, read in pieces whose ends are drawn; must end where the whole did. */
function inParts(bytes: Buffer, random: Random, wanted: number): string {
  parts.start(CHUNKED);
  let data = '';
  let at = 0;
  while (at < bytes.length && !parts.done && !parts.bad) {
    const end = Math.min(bytes.length, at + 1 + random.below(20));
    at = parts.unchunk(bytes, at, end, (from, to) => {
      data += bytes.toString('latin1', from, to);
    });
  }
  if (at !== wanted || parts.done !== whole.done || parts.bad !== whole.bad) {
    throw new Violation(`in parts it ends at ${at}, as a whole at ${wanted}`);
  }
  return data;
}
