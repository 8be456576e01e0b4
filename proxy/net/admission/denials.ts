/** Counts and reports the requests that met a deny rule. */
import type { EventBody } from '../../command/events.ts';
import type { Counters } from '../../metrics/counters.ts';
import type { Exchange } from '../session/exchange.ts';

export interface DenialsOptions {
  readonly counters: Counters;
  readonly emit: (event: EventBody) => void;
  readonly now: () => number;
}

interface Reported {
  at: number;
  /** Since then. */
  unreported: number;
}

/** Whoever attacks does it a thousand times a second: all are counted, this often one is told of. */
const REPORT_EVERY_MS = 1000;

export class Denials {
  private readonly options: DenialsOptions;
  private readonly reported = new Map<string, Reported>();

  constructor(options: DenialsOptions) {
    this.options = options;
  }

  /**
   * Names the request by its id and does not repeat what it said: a log line with the attack in it
   * would carry it to whatever reads the log.
   */
  denied(listener: string, rule: string, { requestId, clientIp }: Exchange): void {
    const { counters, emit, now } = this.options;
    counters.denied(rule);
    const last = this.reported.get(rule);
    if (last !== undefined && now() - last.at < REPORT_EVERY_MS) {
      last.unreported++;
      return;
    }
    const others = last?.unreported ?? 0;
    const more = others === 0 ? '' : `; so did ${others} more since the last report`;
    const cause = `request ${requestId} of ${clientIp} met the deny rule "${rule}"${more}`;
    emit({ kind: 'request-denied', address: listener, cause });
    this.reported.set(rule, { at: now(), unreported: 0 });
  }
}
