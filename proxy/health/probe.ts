/** One health check: a connection, a GET, the status of the answer. Tells its result once. */
import { Head } from '../http1/head.ts';
import { scanAnswerHead } from '../http1/head-scanner.ts';
import { joined, ownCopy } from '../http1/lent-bytes.ts';
import { Timer, type TimerWheel } from '../net/socket/timer-wheel.ts';
import type { Wire } from '../net/socket/wire.ts';
import { connectFailure, isLocalShortage } from '../net/upstream/connect-failure.ts';
import type { Dial, WireUser } from '../net/upstream/dialer.ts';
import { type HealthRules, isExpected } from './health-state.ts';

export interface ProbeResult {
  readonly isSuccess: boolean;
  /** Nothing came back: whoever waits for this backend waits in vain. */
  readonly isSilent: boolean;
  /** Plain words. */
  readonly reason: string;
}

export interface ProbeTools {
  readonly dial: Dial;
  readonly timers: TimerWheel;
}

/** Whatever a backend sends, no more of its answer is kept. */
const MAX_ANSWER_BYTES = 4096;

/** Filled and read within one call. */
const head = new Head();

export class Probe implements WireUser {
  private readonly rules: HealthRules;
  private readonly address: string;
  private readonly timers: TimerWheel;
  /** `undefined`: the check could not be made, and says nothing about the backend. */
  private readonly onResult: (result: ProbeResult | undefined) => void;
  private readonly timer: Timer;
  private readonly wire: Wire;
  private connected = false;
  private settled = false;
  private received: Buffer | undefined = undefined;

  constructor(
    { dial, timers }: ProbeTools,
    address: string,
    rules: HealthRules,
    onResult: (result: ProbeResult | undefined) => void,
  ) {
    this.rules = rules;
    this.address = address;
    this.timers = timers;
    this.onResult = onResult;
    this.timer = new Timer(() => this.onDeadline());
    timers.set(this.timer, rules.timeoutMs);
    this.wire = dial(address, this);
  }

  /** No result is wanted any more. */
  cancel(): void {
    this.settled = true;
    this.timers.clear(this.timer);
    this.wire.destroy();
  }

  onConnect(): void {
    this.connected = true;
    if (this.settled) return;
    const { uri } = this.rules;
    const request = `GET ${uri} HTTP/1.1\r\nHost: ${this.address}\r\nConnection: close\r\n\r\n`;
    this.wire.write(request, 'latin1');
  }

  onBytes(bytes: Buffer, end: number): void {
    if (this.settled) return;
    const all =
      this.received === undefined
        ? ownCopy(bytes, 0, Math.min(end, MAX_ANSWER_BYTES))
        : joined(this.received, bytes, end).subarray(0, MAX_ANSWER_BYTES);
    this.received = all;
    this.read(all);
  }

  onDrain(): void {}

  onEnd(): void {
    this.fail('the connection was closed before an answer');
  }

  onError(code: string | undefined): void {
    if (isLocalShortage(code)) this.settle(undefined);
    else if (this.connected) this.fail('the connection was reset before an answer');
    else {
      const failure = connectFailure(code);
      this.fail(`the connect was ${failure}`, failure === 'unreachable' || failure === 'silent');
    }
  }

  onClose(): void {
    this.fail('the connection was closed before an answer');
  }

  private read(bytes: Buffer): void {
    const status = statusOf(bytes);
    if (status === 'bad') this.fail('the answer was not valid HTTP');
    else if (status !== 'incomplete') this.judge(status);
    else if (bytes.length === MAX_ANSWER_BYTES) {
      this.fail(`the answer's head is longer than ${MAX_ANSWER_BYTES} bytes`);
    }
  }

  private judge(status: number): void {
    const { expectedStatus } = this.rules;
    if (isExpected(status, this.rules)) {
      this.settle({ isSuccess: true, isSilent: false, reason: `the answer was ${status}` });
    } else this.fail(`the answer was ${status}, not ${expectedStatus || '2xx'}`);
  }

  private onDeadline(): void {
    const what = this.connected ? 'no answer' : 'no connection';
    this.fail(`${what} within ${this.rules.timeoutMs} ms`, true);
  }

  private fail(reason: string, isSilent = false): void {
    this.settle({ isSuccess: false, isSilent, reason });
  }

  private settle(result: ProbeResult | undefined): void {
    if (this.settled) return;
    this.cancel();
    this.onResult(result);
  }
}

function statusOf(bytes: Buffer): number | 'incomplete' | 'bad' {
  let at = 0;
  while (at < bytes.length) {
    const result = scanAnswerHead(head, bytes, at, bytes.length);
    if (result === 'incomplete') break;
    if (result !== 'complete') return 'bad';
    // 1xx: the answer itself is still to come.
    if (head.status >= 200) return head.status;
    at = head.end;
  }
  return 'incomplete';
}
