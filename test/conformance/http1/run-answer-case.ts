/** Lets the backend answer one case and judges: what the client got, and what the next ones get. */
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { askAfter, mark, PROBE, shown } from './after-case.ts';
import { type AnswerCase, type Delivered, GET_CASE, message } from './case.ts';
import { Conversation } from './conversation.ts';
import type { Message } from './strict-reader.ts';
import type { Subject } from './subject.ts';
import { fail, fieldProblem, PASS, safe, type Verdict } from './verdict.ts';

export async function runAnswerCase(subject: Subject, test: AnswerCase): Promise<Verdict> {
  const { witness, port, patienceMs } = subject;
  witness.forget();
  const request = test.request ?? GET_CASE;
  const written = playback(subject, test);
  const client = await Conversation.open(port, patienceMs, / HTTP\/1\.0\r\n/.test(request));
  try {
    client.methods.push(request.slice(0, request.indexOf(' ')));
    await client.send(request, 'whole');
    const settled = await client.answered(1);
    await written();
    const verdict = judgeAnswer(client, test, settled);
    const next = await probe(client);
    const after = await askAfter(subject);
    if (next ?? after) return fail(`${next ?? after}`);
    return verdict;
  } finally {
    client.close();
  }
}

/** Sets the script of the witness; resolves when the last piece of its last run is out. */
function playback({ witness, settleMs }: Subject, test: AnswerCase): () => Promise<void> {
  let running = Promise.resolve();
  witness.script = socket => {
    running = play(socket, test, settleMs);
  };
  return async () => {
    await running;
    await wait(settleMs);
  };
}

async function play(
  socket: Socket,
  { pieces, ending }: AnswerCase,
  settleMs: number,
): Promise<void> {
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) await wait(settleMs);
    if (!socket.destroyed) socket.write(piece, 'latin1');
  }
  if (ending === 'fin') socket.end();
  if (ending === 'reset') await wait(settleMs);
  if (ending?.startsWith('reset')) socket.resetAndDestroy();
}

/** Undefined when the connection has ended or serves the next request. */
async function probe(client: Conversation): Promise<string | undefined> {
  if (client.isOpen) await client.endsIfAnnounced();
  const { problem, rest } = client.reading();
  if (!client.isOpen || problem !== undefined || rest !== '') return undefined;
  client.methods.push('GET');
  await client.send(message(`GET ${PROBE} HTTP/1.1`, ['Host: web']), 'whole');
  await client.answered(2);
  const [, answer, more] = client.finals();
  if (answer === undefined) return client.isOpen ? 'the next request got no answer' : undefined;
  if (mark(answer) !== `GET ${PROBE} 0`)
    return `the next request got ${answer.status}, ${mark(answer)}`;
  return more && `the next request got another answer, ${more.status}`;
}

function judgeAnswer(client: Conversation, test: AnswerCase, settled: boolean): Verdict {
  const { messages, problem } = client.reading();
  const [answer] = client.finals();
  const got =
    answer === undefined ? shown(client.received) : `${answer.status} ${shown(answer.body)}`;
  if (!settled) return fail(`neither answered nor ended; got ${got}`);
  if (problem !== undefined) return fail(`ambiguous bytes come back: ${problem}`);
  const interim = messages.filter(({ status }) => status < 200).map(({ status }) => status);
  // Behind it a client speaks another protocol, and its proxy would have to be a tunnel.
  if (interim.includes(101)) return fail('101 comes back');
  if (typeof test.expect === 'object') {
    const why = deliveryProblem(answer, interim, test.expect);
    return why === undefined ? PASS : fail(`${why} (got ${got})`);
  }
  if (test.lenient !== undefined && deliveryProblem(answer, interim, test.lenient) === undefined) {
    return safe(`delivered: ${got}`);
  }
  return brokenVerdict(client, answer, test.expect, got);
}

/** An answer that is not to be believed: 502, or an end that shows. */
function brokenVerdict(
  client: Conversation,
  answer: Message | undefined,
  expect: 'refused' | 'cut' | 'refused-or-cut',
  got: string,
): Verdict {
  if (answer === undefined) {
    if (client.isOpen) return fail(`neither answered nor ended; got ${got}`);
    return expect === 'refused' ? safe('the client is cut') : PASS;
  }
  if (mark(answer) !== 'by the proxy' || answer.status < 500) return fail(`delivered: ${got}`);
  if (expect === 'cut') return safe(`refused with ${answer.status}`);
  return answer.status === 502 ? PASS : safe(`refused with ${answer.status} in place of 502`);
}

function deliveryProblem(
  answer: Message | undefined,
  interim: readonly number[],
  wanted: Delivered,
): string | undefined {
  if (answer === undefined) return 'no answer';
  if (answer.status !== wanted.status) return `the status should be ${wanted.status}`;
  if (answer.body !== wanted.body) return `the body should be ${shown(wanted.body)}`;
  if (wanted.interim !== undefined && wanted.interim.join() !== interim.join()) {
    return `interim answers should be ${wanted.interim.join()}, not ${interim.join()}`;
  }
  return fieldProblem(answer.fields, wanted.fields);
}
