/** One backend that is checked again and again: its schedule and what the checks say so far. */
import type { Backend } from '../command/requests.ts';
import { Timer } from '../net/socket/timer-wheel.ts';
import { HEALTHY, type Health, type HealthRules, stepHealth } from './health-state.ts';
import { Probe, type ProbeResult, type ProbeTools } from './probe.ts';
import type { Proof } from './proof.ts';

export interface TargetTools extends ProbeTools {
  /** In [0, 1). */
  readonly random: () => number;
  readonly onVerdict: (target: HealthTarget, last: ProbeResult) => void;
  /** Unhealthy before, and again not even an answer. */
  readonly onSilence: (target: HealthTarget) => void;
}

/** Intervals differ by this share, so that checks do not come in step. */
const INTERVAL_JITTER = 0.1;
/** The first checks of many backends are spread over an interval, but over no more than this. */
const LONGEST_FIRST_WAIT_MS = 1000;

export class HealthTarget {
  readonly backend: Backend;
  rules: HealthRules;
  health: Health = HEALTHY;
  private readonly tools: TargetTools;
  private readonly timer: Timer;
  private probe: Probe | undefined = undefined;
  private readonly proofs = new Set<Proof>();
  /** Asked for while a check was under way, which began before. */
  private readonly nextProofs = new Set<Proof>();

  constructor(backend: Backend, rules: HealthRules, tools: TargetTools) {
    this.backend = backend;
    this.rules = rules;
    this.tools = tools;
    this.timer = new Timer(() => this.check());
    this.schedule(Math.min(rules.intervalMs, LONGEST_FIRST_WAIT_MS) * tools.random());
  }

  stop(): void {
    this.tools.timers.clear(this.timer);
    this.probe?.cancel();
    this.probe = undefined;
    for (const proof of [...this.proofs, ...this.nextProofs])
      proof.giveUp('it is no longer checked');
  }

  /** Is it well from now on? Its next check comes at once. */
  prove(proof: Proof): void {
    if (this.probe !== undefined) this.nextProofs.add(proof);
    else {
      this.proofs.add(proof);
      this.schedule(0);
    }
  }

  forget(proof: Proof): void {
    this.proofs.delete(proof);
    this.nextProofs.delete(proof);
  }

  /** Results so far count under the new rules, too. */
  follow(rules: HealthRules): void {
    const sooner = rules.intervalMs < this.rules.intervalMs;
    this.rules = rules;
    if (sooner && this.probe === undefined) this.schedule(rules.intervalMs * this.tools.random());
  }

  private schedule(delayMs: number): void {
    this.tools.timers.set(this.timer, delayMs);
  }

  private check(): void {
    const { rules, tools } = this;
    const startedAt = tools.timers.now();
    const jitter = 1 + INTERVAL_JITTER * (2 * tools.random() - 1);
    this.probe = new Probe(tools, this.backend.address, rules, result => {
      this.probe = undefined;
      const spent = tools.timers.now() - startedAt;
      this.schedule(Math.max(0, this.rules.intervalMs * jitter - spent));
      if (result !== undefined) this.learn(result);
      for (const proof of this.nextProofs) this.proofs.add(proof);
      this.nextProofs.clear();
    });
  }

  private learn(result: ProbeResult): void {
    for (const proof of this.proofs) {
      if (proof.learn(result, this.rules)) this.proofs.delete(proof);
    }
    const before = this.health;
    this.health = stepHealth(before, result.isSuccess, this.rules);
    if (this.health.healthy !== before.healthy) this.tools.onVerdict(this, result);
    else if (!before.healthy && result.isSilent) this.tools.onSilence(this);
  }
}
