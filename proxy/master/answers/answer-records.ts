/** Answers what the workers have counted and what they remember of requests that went wrong. */
import type { FailureStory } from '../../command/failure-stories.ts';
import type { WorkerMemory } from '../../command/worker-messages.ts';
import { KEPT_STORIES } from '../../log/failure-memory.ts';
import { ProxyError } from '../../shared/errors.ts';
import { plural } from '../../shared/plural.ts';
import type { Asker } from '../command-socket/command-session.ts';
import type { WorkerAnswer } from '../workers/worker-answer.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import { mergeMetrics } from './merge-metrics.ts';

const TIMEOUT_MS = 2_000;

export async function answerMetrics(
  pool: WorkerPool,
  asker: Asker,
  perWorker: boolean,
): Promise<void> {
  const answers = await pool.ask(worker => worker.metrics(TIMEOUT_MS));
  const told = answers.flatMap(({ workerId, answer }) =>
    answer.kind === 'ok' && answer.metrics !== undefined
      ? [{ workerId, metrics: answer.metrics }]
      : [],
  );
  const metrics = told.map(each => each.metrics);
  const silent = answers.length - metrics.length;
  const lacking = silent === 0 ? '' : `; ${plural(silent, 'worker')} did not answer in time`;
  const message = `counted by ${plural(metrics.length, 'worker')}${lacking}`;
  const content = mergeMetrics(metrics);
  const workers = told.map(each => ({ ...each, metrics: mergeMetrics([each.metrics]) }));
  const full = perWorker ? { ...content, perWorker: workers } : content;
  asker.reply({ status: 'ok', message, content: full });
}

export async function clearMetrics(pool: WorkerPool, asker: Asker): Promise<void> {
  const answers = await pool.ask(worker => worker.clearMetrics(TIMEOUT_MS));
  const late = answers.filter(({ answer }) => answer.kind !== 'ok').map(each => each.workerId);
  const done = `metrics begin anew on ${plural(answers.length - late.length, 'worker')}`;
  const lacking = late.length === 0 ? '' : `; not on worker ${late.join(', ')}: no answer in time`;
  asker.reply({ status: 'ok', message: `${done}${lacking}` });
}

export async function answerWhy(
  pool: WorkerPool,
  asker: Asker,
  requestId: string | undefined,
): Promise<void> {
  const answers = await pool.ask(worker => worker.why(requestId, TIMEOUT_MS));
  const memories = answers.flatMap(memoryOf);
  const remembered = memories.reduce((sum, memory) => sum + memory.remembered, 0);
  // ISO times of one length compare as text.
  const story = memories
    .flatMap(memory => memory.story ?? [])
    .reduce<FailureStory | undefined>(
      (latest, each) => (latest !== undefined && latest.time > each.time ? latest : each),
      undefined,
    );
  if (story === undefined) throw unknown(requestId, remembered, answers.length - memories.length);
  const message = `${story.requestId}: ${story.message || `answered ${story.status}`}`;
  asker.reply({ status: 'ok', message, content: { story, remembered } });
}

function memoryOf({ answer }: WorkerAnswer): WorkerMemory[] {
  return answer.kind === 'ok' && answer.memory !== undefined ? [answer.memory] : [];
}

function unknown(requestId: string | undefined, remembered: number, silent: number): ProxyError {
  const what =
    requestId === undefined
      ? 'no request has gone wrong'
      : `no request "${requestId}" is remembered`;
  const lacking = silent === 0 ? '' : ` (${plural(silent, 'worker')} did not answer in time)`;
  const rule =
    `each worker keeps the last ${KEPT_STORIES} requests that failed and the last ` +
    `${KEPT_STORIES} that were refused (${remembered} now); what was answered by the first ` +
    'backend that was asked is not kept';
  return new ProxyError('PROXY_NOT_FOUND', `${what}${lacking}: ${rule}`);
}
