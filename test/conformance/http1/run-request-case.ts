/** Sends one case to a proxy and judges: what arrived behind it, what came back, and what is next. */
import { AFTER, askAfter, mark, PROBE, shown } from './after-case.ts';
import { type Arrival, message, type RequestCase } from './case.ts';
import { Conversation, type Split } from './conversation.ts';
import type { Message } from './strict-reader.ts';
import type { Subject } from './subject.ts';
import { fail, fieldProblem, PASS, safe, type Verdict } from './verdict.ts';
import { seenMark } from './witness.ts';

export async function runRequestCase(
  subject: Subject,
  test: RequestCase,
  split: Split,
): Promise<Verdict> {
  const { witness, port, patienceMs } = subject;
  witness.forget();
  const client = await Conversation.open(port, patienceMs);
  try {
    await exchange(client, test, split);
    const after = await askAfter(subject);
    if (after !== undefined) return fail(after);
    return await judge(subject, client, test);
  } finally {
    client.close();
  }
}

/** The case, then a probe on the same connection if it is still open. */
async function exchange(client: Conversation, test: RequestCase, split: Split): Promise<void> {
  client.methods.push(...methodsOf(test));
  const answers = test.arrive.length + (test.refused === undefined ? 0 : 1);
  await client.send(test.bytes, split);
  if (test.afterContinue !== undefined) {
    await client.continued();
    await client.send(test.afterContinue, split);
  }
  if (test.fin) {
    client.finish();
    await client.ended();
    return;
  }
  // Where nothing came in time, more bytes would only blur what happened.
  if (!(await client.answered(answers))) return;
  const lenient = test.lenient ?? [];
  if (lenient.length > answers && (client.finals()[0]?.status ?? 400) < 400) {
    client.methods.push(...lenient.slice(answers).map(({ method }) => method));
    await client.answered(lenient.length);
  }
  await client.endsIfAnnounced();
  if (!client.isOpen) return;
  client.methods.length = Math.max(client.finals().length, answers);
  client.methods.push('GET');
  await client.send(message(`GET ${PROBE} HTTP/1.1`, ['Host: web']), 'whole');
  await client.answered(client.methods.length);
}

/** A refusal answers a GET as far as its body goes: its own method may be unreadable. */
function methodsOf(test: RequestCase): string[] {
  const methods = test.arrive.map(({ method }) => method);
  if (test.refused === undefined) return methods;
  const first = /^(?:\r\n)*([A-Z]+) /.exec(test.bytes)?.[1] ?? 'GET';
  return [...methods, methods.length === 0 && first === 'HEAD' ? 'HEAD' : 'GET'];
}

async function judge(subject: Subject, client: Conversation, test: RequestCase): Promise<Verdict> {
  const { witness } = subject;
  const [problem] = witness.problems;
  if (problem !== undefined) return fail(`ambiguous bytes arrive: ${problem}`);
  const own = witness.seen.filter(({ target }) => target !== PROBE && target !== AFTER);
  const arrived = own.map(seenMark).join(', ') || 'nothing';
  const asWanted = arrivalProblem(own, test.arrive);
  const asLenient = test.lenient && lenientProblem(own, test.lenient, client);
  if (asWanted !== undefined && (test.lenient === undefined || asLenient !== undefined)) {
    return fail(`${asWanted} (arrived: ${arrived})`);
  }
  if (!(await witness.nothingPending(subject.patienceMs))) {
    return fail(`half a request stays behind: ${shown(witness.pending.join(''))}`);
  }
  const lenient = asWanted !== undefined;
  const answers = answerVerdict(client, own, lenient ? undefined : test.refused);
  return answers.kind === 'pass' && lenient ? safe(`arrived: ${arrived}`) : answers;
}

/** A lenient proxy may also end the connection behind the first of them (RFC 9112 §6.3). */
function lenientProblem(
  seen: readonly Message[],
  lenient: readonly Arrival[],
  client: Conversation,
): string | undefined {
  const stopped = seen.length > 0 && seen.length < lenient.length && !client.isOpen;
  return arrivalProblem(seen, stopped ? lenient.slice(0, seen.length) : lenient);
}

function arrivalProblem(seen: readonly Message[], wanted: readonly Arrival[]): string | undefined {
  if (seen.length !== wanted.length) return `${wanted.length} should arrive, not ${seen.length}`;
  for (const [index, { method, target, body, fields }] of wanted.entries()) {
    const found = seen[index];
    if (found?.method !== method || found.target !== target)
      return `${method} ${target} is missing`;
    if (found.body !== body) return `the body should be ${shown(body)}, not ${shown(found.body)}`;
    const problem = fieldProblem(found.fields, fields);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** One answer for each arrival, in order; then the refusal; then the probe's, or the end. */
function answerVerdict(
  client: Conversation,
  arrived: readonly Message[],
  refused: readonly number[] | undefined,
): Verdict {
  const { problem, rest } = client.reading();
  if (problem !== undefined) return fail(`ambiguous bytes come back: ${problem}`);
  if (rest !== '') return fail(`half an answer comes back: ${shown(rest)}`);
  const answers = client.finals();
  for (const request of arrived) {
    const answer = answers.shift();
    if (answer === undefined) return fail(`no answer to ${seenMark(request)}`);
    if (mark(answer) !== seenMark(request)) return fail(`answers in disorder: ${mark(answer)}`);
  }
  const refusal = refused === undefined ? PASS : refusalVerdict(answers.shift(), refused, client);
  const probe = answers.shift();
  if (probe !== undefined && mark(probe) !== `GET ${PROBE} 0`) {
    return fail(`the next request got ${probe.status}, ${mark(probe)}`);
  }
  if (probe === undefined && client.isOpen) return fail('the next request got no answer');
  return answers.length > 0 ? fail(`${answers.length} answers too many`) : refusal;
}

function refusalVerdict(
  answer: Message | undefined,
  refused: readonly number[],
  client: Conversation,
): Verdict {
  if (answer === undefined) {
    if (client.isOpen) return fail('neither answered nor ended');
    return refused.includes(0) ? PASS : safe('ended without a word');
  }
  if (answer.status < 400) return fail(`answered ${answer.status}, ${mark(answer)}`);
  if (refused.includes(answer.status)) return PASS;
  return safe(`refused with ${answer.status} in place of ${refused.join(' or ')}`);
}
