/** One request and its answer, as facts. A session has one record and fills it for each request. */
import type { AnswerTemplate } from '../http1/answer-template.ts';
import { BodyReader } from '../http1/body-reader.ts';
import { DEFAULT_ANSWERS } from '../http1/default-answers.ts';
import { compileAnswer, writeOwnAnswer } from '../http1/own-answers.ts';
import type { ConnectionLine } from '../http1/relayed-heads.ts';
import type { ClusterRuntime } from './data-plane-view.ts';

type Answers = Readonly<Record<string, AnswerTemplate>>;

export class Exchange {
  /** A request is under way. */
  active = false;
  requestId = '';
  toHead = false;
  /** `x` of the client's HTTP/1.x. */
  clientMinor = 1;
  /** The client connection stays open behind the answer. */
  keepAlive = true;
  /** Sending it twice is as good as once, and all of it is in `outgoing`. */
  replayable = false;
  /** A backend took it and did not answer. */
  unanswered = false;
  cluster: ClusterRuntime | undefined = undefined;
  /** Head for the backend and the part of the body that came with it. */
  outgoing: string | undefined = undefined;
  /** Of the last request; the next one's is nearly always the same, and then costs nothing. */
  hostname = '';
  readonly body: BodyReader = new BodyReader();

  begin(requestId: string): void {
    this.active = true;
    this.requestId = requestId;
    this.toHead = false;
    this.replayable = false;
    this.unanswered = false;
    this.cluster = undefined;
  }

  end(): void {
    this.active = false;
    this.cluster = undefined;
    this.outgoing = undefined;
  }

  connectionLine(): ConnectionLine {
    if (!this.keepAlive) return 'Connection: close\r\n';
    return this.clientMinor === 0 ? 'Connection: keep-alive\r\n' : '';
  }

  /** An answer of the proxy itself: the cluster's own, the listener's, or the built-in one. */
  ownAnswer(status: number, answers: Answers): string {
    const template =
      this.cluster?.config.answers[status] ?? answers[status] ?? DEFAULT_ANSWERS[status] ?? EMPTY;
    const compiled = compileAnswer(template);
    this.keepAlive &&= compiled.keepAlive && this.body.done;
    return writeOwnAnswer(compiled, this.requestId, this.connectionLine(), !this.toHead);
  }
}

/** For a status that nobody thought of. */
const EMPTY: AnswerTemplate = {
  status: 500,
  reason: 'Internal Server Error',
  fields: [],
  body: '',
  keepAlive: false,
};
