/**
 * Every change leaves a line, whichever way it came: the log wraps the handler of requests. Lines
 * wait in bounded room; what a disk cannot take is counted, said, and no reason to refuse a change.
 */
import { createHash } from 'node:crypto';
import { ownActor } from '../../command/actor.ts';
import { LineFile } from '../../log/line-file.ts';
import type { Logger } from '../../log/logger.ts';
import { ProxyError } from '../../shared/errors.ts';
import type { Asker, CommandHandler } from '../command-socket/command-session.ts';
import { type AuditRecord, auditLine, type FanOut } from './audit-line.ts';
import { endsProxy, isChange, targetOf } from './changing-requests.ts';
import type { Origin, Via } from './origin.ts';

export interface AuditOptions {
  /** Undefined: nothing is written. */
  readonly file: string | undefined;
  readonly version: string;
  readonly logger: Logger;
  /** How many workers a change is for, now. */
  readonly workers: () => number;
}

type Reply = Parameters<Asker['reply']>[0];

const CLOSE_DEADLINE_MS = 1_000;

export class AuditLog {
  readonly #options: AuditOptions;
  readonly #out: LineFile | undefined;
  #seq = 0;

  constructor(options: AuditOptions) {
    const { file, logger } = options;
    this.#options = options;
    if (file === undefined) return;
    this.#out = new LineFile({
      target: { file },
      onTrouble: cause => logger.error(`the audit log ${file} cannot be written: ${cause}`),
      onRecovered: dropped =>
        logger.warn(`the audit log ${file} is written again; ${dropped} lines were dropped`),
    });
  }

  get lines(): number {
    return this.#seq;
  }

  get dropped(): number {
    return this.#out?.linesDropped ?? 0;
  }

  record(record: AuditRecord): void {
    if (this.#out === undefined) return;
    this.#seq += 1;
    const { version } = this.#options;
    const stamp = { ts: new Date().toISOString(), seq: this.#seq, pid: process.pid, version };
    this.#out.write(auditLine(record, stamp));
  }

  /** What this process does by itself, or because of a signal. */
  own(via: Via, verb: string, message: string): void {
    const origin = { via, clientId: 'main', by: ownActor('relais') };
    this.record({ origin, verb, target: '', result: 'ok', message, elapsedMs: 0, dryRun: false });
  }

  signal(isHard: boolean, signal: string): void {
    this.own('signal', isHard ? 'hard-stop' : 'soft-stop', signal);
  }

  /** A message that is no request. */
  invalid(origin: Origin, message: string): void {
    const about = { verb: '?', target: '', elapsedMs: 0, dryRun: false } as const;
    this.record({ origin, ...about, result: 'invalid', message });
  }

  /** The same handler, with a line for every change. */
  watching(handle: CommandHandler): CommandHandler {
    if (this.#out === undefined) return handle;
    return async (request, asker) => {
      if (!isChange(request)) return handle(request, asker);
      const began = performance.now();
      const record = this.#recordOnce(request, asker, began);
      const early = endsProxy(request);
      const watched: Asker = {
        ...asker,
        reply: reply => {
          if (early || reply.status !== 'processing') record(reply);
          asker.reply(reply);
        },
      };
      try {
        await handle(request, watched);
      } catch (error) {
        record(error);
        throw error;
      }
    };
  }

  reopen(): void {
    this.#out?.reopen();
  }

  async close(): Promise<void> {
    await this.#out?.close(CLOSE_DEADLINE_MS);
  }

  /** A stop tells of its begin and of its end; the begin is the change. */
  #recordOnce(request: object & { kind: string }, asker: Asker, began: number) {
    const { text, clusterId, backendId } = targetOf(request);
    const sha256 = createHash('sha256').update(JSON.stringify(request)).digest('hex');
    let done = false;
    return (outcome: unknown): void => {
      if (done) return;
      done = true;
      const failure = failureOf(outcome);
      this.record({
        origin: asker.origin,
        verb: request.kind,
        target: text,
        clusterId,
        backendId,
        result: failure === undefined ? 'ok' : 'refused',
        message: failure?.message ?? (outcome as Reply).message,
        elapsedMs: performance.now() - began,
        fanOut: this.#fanOut(outcome),
        dryRun: asker.dryRun,
        sha256,
      });
    };
  }

  #fanOut(outcome: unknown): FanOut | undefined {
    const expected = this.#options.workers();
    if (outcome instanceof ProxyError) {
      return outcome.code === 'PROXY_WORKER_FAILED' ? { ok: 0, expected } : undefined;
    }
    const { workers } = ((outcome as Reply).content ?? {}) as { workers?: unknown };
    if (typeof workers !== 'number' || workers === 0) return undefined;
    return { ok: workers, expected: Math.max(workers, expected) };
  }
}

function failureOf(outcome: unknown): { readonly message: string } | undefined {
  if (outcome instanceof Error) return outcome;
  const reply = outcome as Reply;
  return reply.status === 'failure' ? reply : undefined;
}
