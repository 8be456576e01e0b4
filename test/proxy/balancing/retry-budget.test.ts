import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RetryBudget, retryRules } from '../../../proxy/balancing/retry-budget.ts';

function budgetOf(budgetPercent: number, budgetMinPerSecond: number): RetryBudget {
  return new RetryBudget(retryRules({ budgetPercent, budgetMinPerSecond }));
}

/** How many of so many retries are allowed now. */
function allowed(budget: RetryBudget, now: number, retries: number): number {
  let count = 0;
  for (let i = 0; i < retries; i++) if (budget.spend(now) === 'allowed') count++;
  return count;
}

describe('RetryBudget', () => {
  it('allows a share of the requests of the last ten seconds', () => {
    const budget = budgetOf(20, 0);
    for (let i = 0; i < 1000; i++) budget.earn(i);
    assert.equal(allowed(budget, 1000, 500), 200);
    assert.equal(allowed(budget, 9000, 10), 0);
    for (let i = 0; i < 100; i++) budget.earn(12_000);
    assert.equal(allowed(budget, 12_000, 500), 20);
  });

  it('always allows some, so that a quiet cluster may retry at all', () => {
    assert.equal(allowed(budgetOf(20, 10), 0, 500), 100);
    assert.equal(allowed(budgetOf(20, 0), 0, 500), 0);
  });

  it('has no limit at 100 percent', () => {
    assert.equal(allowed(budgetOf(100, 0), 0, 500), 500);
  });

  it('tells once when a time of exhaustion begins', () => {
    const budget = budgetOf(20, 0);
    assert.equal(budget.spend(0), 'first-refused');
    assert.equal(budget.spend(5000), 'refused');
    assert.equal(budget.spend(14_000), 'refused');
    assert.equal(budget.spend(25_000), 'first-refused');
    assert.equal(budget.refusedTotal, 4);
    assert.equal(budget.retriesTotal, 0);
  });
});
