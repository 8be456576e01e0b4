/** What the configuration of every worker sums up to, beside what it should. */
import type { WorkerStatus } from '../../command/replies.ts';
import type { WorkerAnswer } from '../workers/worker-answer.ts';

export class Comparison {
  readonly stateHash: string;
  readonly digest: string;
  readonly #answers: readonly WorkerAnswer[];

  constructor(stateHash: string, digest: string, answers: readonly WorkerAnswer[]) {
    this.stateHash = stateHash;
    this.digest = digest;
    this.#answers = answers;
  }

  get diverged(): number[] {
    return this.#answers
      .map(({ workerId }) => workerId)
      .filter(id => this.of(id).inSync === 'diverged');
  }

  of(workerId: number): Pick<WorkerStatus, 'digest' | 'inSync'> {
    const answer = this.#answers.find(each => each.workerId === workerId)?.answer;
    const digest = answer?.kind === 'ok' ? answer.digest : undefined;
    if (digest === undefined) return { inSync: 'unknown' };
    return { digest, inSync: digest === this.digest ? 'yes' : 'diverged' };
  }
}
