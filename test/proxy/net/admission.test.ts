/** Limits that answer later: the answer may come for a request that is no longer there. */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Cluster, Listener } from '../../../proxy/command/requests.ts';
import { clusterLimits } from '../../../proxy/limits/cluster-limits.ts';
import type { LimitAsk } from '../../../proxy/limits/limit-messages.ts';
import { SharedLimits } from '../../../proxy/limits/shared-limits.ts';
import { Counters } from '../../../proxy/metrics/counters.ts';
import { Admission, type AdmissionUser } from '../../../proxy/net/admission/admission.ts';
import { RequestLimits } from '../../../proxy/net/admission/request-limits.ts';
import { ListenerRules } from '../../../proxy/net/listener/listener-rules.ts';
import type { ClusterRuntime } from '../../../proxy/net/session/data-plane-view.ts';

const listener = { address: '127.0.0.1:80', clientRate: { perSecond: 5 } } as unknown as Listener;

function clusterOf(more: Partial<Cluster>): ClusterRuntime {
  const config: Cluster = { id: 'web', loadBalancing: 'round-robin', answers: {}, ...more };
  const { id } = config;
  return { id, config, limits: clusterLimits(config) } as unknown as ClusterRuntime;
}

describe('a request that waits for a limit', () => {
  let asked: LimitAsk[];
  let happened: string[];
  let shared: SharedLimits;
  let user: AdmissionUser;
  let limits: RequestLimits;
  beforeEach(() => {
    asked = [];
    happened = [];
    shared = new SharedLimits(
      2,
      ask => asked.push(ask),
      () => 0,
    );
    const exchange = { clientIp: '192.0.2.1', retryAfterSeconds: 0, message: '' };
    user = {
      exchange: exchange as AdmissionUser['exchange'],
      onAdmitted: () => happened.push('admitted'),
      failAnswer: status => happened.push(String(status)),
    };
    limits = new RequestLimits({
      shared,
      counters: new Counters(),
      emit: () => {},
      now: () => 0,
    });
  });

  const [rate, requests] = ['127.0.0.1:80 192.0.2.1', 'requests web'];
  const token = (tokens: number): void =>
    shared.obey({ kind: 'tokens', key: rate, tokens, waitMs: tokens === 0 ? 1500 : 0 });

  it('passes one limit after the other', () => {
    const admission = new Admission(limits, new ListenerRules(listener), user);
    admission.seek(clusterOf({ maxRequests: 3, maxConnectionsPerIp: 2 }));
    assert.deepEqual(happened, []);
    token(1);
    shared.obey({ kind: 'granted', key: 'client web 192.0.2.1', permits: 1 });
    assert.deepEqual(happened, []);
    shared.obey({ kind: 'granted', key: requests, permits: 1 });
    assert.deepEqual(happened, ['admitted']);
    admission.close();
    const back = asked.filter(ask => ask.kind === 'give-back').map(ask => ask.key);
    assert.deepEqual(back, ['client web 192.0.2.1'], 'few limits keep what they hold');
  });

  it('is refused with the time until the next token', () => {
    new Admission(limits, new ListenerRules(listener), user).seek(clusterOf({}));
    token(0);
    assert.deepEqual(happened, ['429']);
    assert.equal(user.exchange.retryAfterSeconds, 2);
  });

  it('and has ended leaves the answer to the next one', () => {
    const admission = new Admission(limits, new ListenerRules(listener), user);
    admission.seek(clusterOf({ maxRequests: 3 }));
    admission.endRequest();
    admission.seek(clusterOf({ maxRequests: 3 }));
    token(1);
    assert.deepEqual(happened, [], 'it waits for the second limit now');
    token(1);
    assert.deepEqual(happened, [], 'an answer that nobody waits for changes nothing');
    shared.obey({ kind: 'granted', key: requests, permits: 1 });
    assert.deepEqual(happened, ['admitted']);
  });

  it('and has ended holds no permit', () => {
    const admission = new Admission(limits, { ...listener, clientRate: undefined } as never, user);
    admission.seek(clusterOf({ maxRequests: 3 }));
    admission.endRequest();
    shared.obey({ kind: 'granted', key: requests, permits: 1 });
    assert.deepEqual(happened, []);
    shared.obey({ kind: 'recall', key: requests });
    assert.deepEqual(asked.at(-1), {
      kind: 'give-back',
      key: requests,
      permits: 1,
      recalled: true,
    });
  });

  it('goes on when its cluster has lost its limits meanwhile', () => {
    const admission = new Admission(limits, { ...listener, clientRate: undefined } as never, user);
    const cluster = clusterOf({ maxRequests: 3 });
    admission.seek(cluster);
    cluster.limits = undefined;
    shared.obey({ kind: 'granted', key: requests, permits: 1 });
    assert.deepEqual(happened, ['admitted']);
    admission.endRequest();
    shared.obey({ kind: 'recall', key: requests });
    assert.equal(asked.at(-1)?.kind, 'give-back');
  });
});
