import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  HEALTHY,
  type Health,
  healthRules,
  isExpected,
  stepHealth,
} from '../../../proxy/health/health-state.ts';

const rules = healthRules({ uri: '/health', healthyThreshold: 2, unhealthyThreshold: 3 });

function after(results: string, from: Health = HEALTHY): Health {
  return [...results].reduce((health, result) => stepHealth(health, result === '+', rules), from);
}

describe('stepHealth', () => {
  it('falls after failures in a row, rises after successes in a row', () => {
    assert.equal(after('--').healthy, true);
    assert.equal(after('---').healthy, false);
    assert.equal(after('---+').healthy, false);
    assert.equal(after('---++').healthy, true);
  });

  it('starts the row anew with a result of the other kind', () => {
    assert.equal(after('--+--').healthy, true);
    assert.equal(after('---+-+').healthy, false);
  });

  it('changes its verdict only behind a full row', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), results => {
        let health = HEALTHY;
        for (const [index, result] of results.entries()) {
          const before = health;
          health = stepHealth(before, result, rules);
          if (health.healthy === before.healthy) continue;
          const row = health.healthy ? rules.healthyThreshold : rules.unhealthyThreshold;
          const last = results.slice(index + 1 - row, index + 1);
          assert.deepEqual(last, new Array(row).fill(health.healthy));
        }
      }),
    );
  });
});

describe('isExpected', () => {
  it('is any 2xx, or the one status that was named', () => {
    for (const status of [200, 204, 299]) assert.equal(isExpected(status, rules), true);
    for (const status of [199, 300, 404, 503]) assert.equal(isExpected(status, rules), false);
    const teapot = healthRules({ uri: '/', expectedStatus: 418 });
    assert.equal(isExpected(418, teapot), true);
    assert.equal(isExpected(200, teapot), false);
  });
});
