/** What the proxy answers by itself: a status line, header fields and a body, as data. */
export interface AnswerTemplate {
  /** 100–599; must be the status the template is registered for. */
  readonly status: number;
  /** Reaches the client as written (custom reason phrases are kept). */
  readonly reason: string;
  /** In file order, without Content-Length and Connection: the writer owns framing. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** False when the file says `Connection: close`. */
  readonly keepAlive: boolean;
}
