/** Many workers' answers → one sentence. */
import { ProxyError } from '../shared/errors.ts';
import { plural } from '../shared/plural.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { Answer } from './worker-process.ts';

export interface WorkerAnswer {
  readonly workerId: number;
  readonly answer: Answer;
}

/** How many workers did it. One that ended meanwhile does not count as a refusal. */
export function gather(answers: readonly WorkerAnswer[]): Result<number, ProxyError> {
  const done = answers.filter(each => each.answer.kind === 'ok');
  const problems = answers.flatMap(({ workerId, answer }) => {
    if (answer.kind === 'refused') return [`worker ${workerId} refused: ${answer.message}`];
    if (answer.kind === 'late') return [`worker ${workerId} did not answer in time`];
    return [];
  });
  if (problems.length === 0) return ok(done.length);
  const others = done.length === 0 ? '' : ` (done on ${plural(done.length, 'other worker')})`;
  return err(new ProxyError('PROXY_WORKER_FAILED', `${problems.join(', ')}${others}`));
}
