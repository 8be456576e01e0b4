/**
 * Checks the backends of every cluster that has a health check, once for all workers, and tells
 * about every change of the verdict.
 */
import type { EventBody } from '../command/events.ts';
import type { CheckProgress } from '../command/replies.ts';
import type { Backend, HealthCheck } from '../command/requests.ts';
import type { BackendHealth } from '../command/worker-messages.ts';
import { Timer, type TimerWheel } from '../net/socket/timer-wheel.ts';
import type { Dial } from '../net/upstream/dialer.ts';
import { healthRules } from './health-state.ts';
import { HealthTarget, type TargetTools } from './health-target.ts';
import type { ProbeResult } from './probe.ts';
import { Proof, type ProofEnd } from './proof.ts';

export interface ProberOptions {
  readonly dial: Dial;
  readonly timers: TimerWheel;
  /** In [0, 1). */
  readonly random: () => number;
  readonly emit: (event: EventBody) => void;
  readonly onChange: (change: BackendHealth) => void;
}

/** A cluster as the state has it. */
export interface CheckedCluster {
  readonly cluster: { readonly id: string; readonly healthCheck?: HealthCheck };
  readonly backends: { values(): Iterable<Backend> };
}

type BackendIdentity = Pick<Backend, 'clusterId' | 'backendId' | 'address'>;

export class Prober {
  private readonly options: ProberOptions;
  private readonly tools: TargetTools;
  private readonly clusters = new Map<string, Map<string, HealthTarget>>();

  constructor(options: ProberOptions) {
    this.options = options;
    const { dial, timers, random } = options;
    this.tools = {
      dial,
      timers,
      random,
      onVerdict: (target, last) =>
        this.tell(target, target.health.healthy, reasonOf(target, last), last.isSilent),
      // Where all are unhealthy they get requests nevertheless, which may wait there.
      onSilence: target =>
        this.options.onChange({ ...identityOf(target), healthy: false, silent: true }),
    };
  }

  /** Brings the checks in line with the cluster as it is now; `undefined`: it is gone. */
  follow(clusterId: string, now: CheckedCluster | undefined): void {
    const check = now?.cluster.healthCheck;
    const targets = this.clusters.get(clusterId);
    if (targets === undefined && check === undefined) return;
    const existing = new Map<string, Backend>();
    const wanted = new Map<string, Backend>();
    for (const backend of now?.backends.values() ?? []) {
      existing.set(keyOf(backend), backend);
      if (check !== undefined && backend.admin !== 'maint') wanted.set(keyOf(backend), backend);
    }
    this.drop(targets, wanted, existing);
    if (check === undefined) this.clusters.delete(clusterId);
    else this.keep(clusterId, check, wanted);
  }

  /** How far the backend is from another verdict; undefined where it is not checked. */
  progress({ clusterId, ...backend }: BackendIdentity): CheckProgress | undefined {
    const target = this.clusters.get(clusterId)?.get(keyOf(backend));
    if (target === undefined) return undefined;
    const { healthy, against } = target.health;
    const { healthyThreshold, unhealthyThreshold } = target.rules;
    return { against, needed: healthy ? unhealthyThreshold : healthyThreshold };
  }

  /** Undefined where the backend is not checked. A deadline ends what nobody proves. */
  prove(
    { clusterId, ...backend }: BackendIdentity,
    deadlineMs: number,
  ): Promise<ProofEnd> | undefined {
    const target = this.clusters.get(clusterId)?.get(keyOf(backend));
    if (target === undefined) return undefined;
    const { timers } = this.options;
    return new Promise(resolve => {
      const proof = new Proof(end => {
        timers.clear(deadline);
        target.forget(proof);
        resolve(end);
      });
      const deadline = new Timer(() => proof.giveUp(`not within ${deadlineMs / 1000} s`));
      timers.set(deadline, deadlineMs);
      target.prove(proof);
    });
  }

  /** What a new worker must know: all others are healthy. */
  unhealthy(): BackendHealth[] {
    return [...this.clusters.values()]
      .flatMap(targets => [...targets.values()])
      .filter(target => !target.health.healthy)
      .map(target => ({ ...identityOf(target), healthy: false, silent: false }));
  }

  stop(): void {
    for (const targets of this.clusters.values()) {
      for (const target of targets.values()) target.stop();
    }
    this.clusters.clear();
  }

  /** Ends the checks of those that are not in `checked`; such as still exist are healthy again. */
  private drop(
    targets: Map<string, HealthTarget> | undefined,
    checked: Map<string, Backend>,
    existing: Map<string, Backend>,
  ): void {
    for (const [key, target] of targets ?? []) {
      if (checked.has(key)) continue;
      target.stop();
      targets?.delete(key);
      const backend = existing.get(key);
      if (target.health.healthy || backend === undefined) continue;
      const isResting = backend.admin === 'maint';
      const why = isResting
        ? 'it is in maintenance and not checked'
        : 'its health check was removed';
      this.tell(target, true, why);
    }
  }

  private keep(clusterId: string, check: HealthCheck, wanted: Map<string, Backend>): void {
    const targets = this.clusters.get(clusterId) ?? new Map<string, HealthTarget>();
    this.clusters.set(clusterId, targets);
    const rules = healthRules(check);
    for (const [key, backend] of wanted) {
      const known = targets.get(key);
      if (known === undefined) targets.set(key, new HealthTarget(backend, rules, this.tools));
      else known.follow(rules);
    }
  }

  private tell(target: HealthTarget, healthy: boolean, cause: string, silent = false): void {
    const identity = identityOf(target);
    const kind = healthy ? 'health-check-healthy' : 'health-check-unhealthy';
    this.options.emit({ kind, ...identity, cause });
    this.options.onChange({ ...identity, healthy, silent });
  }
}

function reasonOf(target: HealthTarget, { isSuccess, reason }: ProbeResult): string {
  const { healthyThreshold, unhealthyThreshold } = target.rules;
  const times = isSuccess ? healthyThreshold : unhealthyThreshold;
  const result = isSuccess ? 'succeeded' : 'failed';
  return times === 1 ? reason : `${times} checks in a row ${result}, the last one: ${reason}`;
}

function keyOf({ backendId, address }: Omit<BackendIdentity, 'clusterId'>): string {
  return JSON.stringify([backendId, address]);
}

function identityOf({ backend }: HealthTarget): BackendIdentity {
  const { clusterId, backendId, address } = backend;
  return { clusterId, backendId, address };
}
