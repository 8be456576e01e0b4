/** Bodies of answers: what each kind of client gets holds the same data, or shows that it was cut. */
import { AnswerBody } from '../../../proxy/http1/answer-body.ts';
import { CHUNKED, UNTIL_CLOSE } from '../../../proxy/http1/body-framing.ts';
import { readChunkedBody } from '../../conformance/http1/strict-reader.ts';
import type { Random } from '../random.ts';
import { type Outcome, type Target, Violation } from '../target.ts';
import { chunks } from './chunks.ts';

const body = new AnswerBody();

export const answerBody: Target = {
  name: 'body',
  seeds: chunks.seeds,
  dictionary: chunks.dictionary,
  check,
};

interface Relayed {
  /** As the client gets it. */
  readonly text: string;
  readonly end: number;
}

function check(bytes: Buffer, random: Random): Outcome {
  const fixed = random.below(bytes.length + 4);
  const sent = bytes.toString('latin1');
  checkLength(bytes, sent, fixed, random);
  checkUntilClose(bytes, sent, random);
  const verbatim = relay(bytes, CHUNKED, 1, random);
  const { bad, done } = body;
  const plain = relay(bytes, CHUNKED, 0, random);
  if (body.bad !== bad || body.done !== done) throw new Violation('the versions disagree');
  if (done) compare(verbatim, plain, sent);
  return {
    signature: `${done} ${bad} ${Math.floor(Math.log2(verbatim.text.length + 1))} ${plain.text.length}`,
  };
}

function compare(verbatim: Relayed, plain: Relayed, sent: string): void {
  if (verbatim.end !== plain.end || verbatim.text !== sent.slice(0, verbatim.end)) {
    throw new Violation('an HTTP/1.1 client gets other bytes');
  }
  const strict = readChunkedBody(sent);
  if (typeof strict === 'string' || 'problem' in strict || strict.value !== plain.text) {
    throw new Violation('an HTTP/1.0 client gets other data');
  }
}

function checkLength(bytes: Buffer, sent: string, length: number, random: Random): void {
  const { text, end } = relay(bytes, length, 1, random);
  const whole = sent.length >= length;
  if (body.done !== whole || text !== sent.slice(0, length) || end !== text.length) {
    throw new Violation(`of ${length} bytes ${text.length} are relayed`);
  }
}

/** Chunks of our own around bytes of any kind. */
function checkUntilClose(bytes: Buffer, sent: string, random: Random): void {
  const { text } = relay(bytes, UNTIL_CLOSE, 1, random);
  const last = body.endOfConnection()?.toString('latin1') ?? '';
  const strict = readChunkedBody(text + last);
  if (typeof strict === 'string' || 'problem' in strict || strict.value !== sent) {
    throw new Violation('the chunks hold other data');
  }
  if (typeof readChunkedBody(text) !== 'string') throw new Violation('a cut body looks complete');
  if (relay(bytes, UNTIL_CLOSE, 0, random).text !== sent) throw new Violation('other bytes');
}

/** In pieces whose ends are drawn. */
function relay(bytes: Buffer, framing: number, clientMinor: number, random: Random): Relayed {
  body.start(framing, clientMinor);
  let text = '';
  let at = 0;
  const send = (piece: Buffer): void => {
    text += piece.toString('latin1');
  };
  while (at < bytes.length && !body.done && !body.bad) {
    const end = Math.min(bytes.length, at + 1 + random.below(25));
    at = body.relay(bytes, at, end, send);
  }
  return { text, end: at };
}
