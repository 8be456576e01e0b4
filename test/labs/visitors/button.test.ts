import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Button } from '../../../labs/visitors/button.ts';

function presses(button: Button, version: string, pages: number, status = 200): number {
  const answers = Array.from({ length: pages }, () => button.isPressedAfter({ status, version }));
  return answers.filter(Boolean).length;
}

describe('the button of a visitor', () => {
  it('is pressed after exactly its share of the pages of each version', () => {
    const button = new Button({ v1: 0.1, v2: 0.4 });
    assert.equal(presses(button, 'v1', 9), 0);
    assert.equal(presses(button, 'v1', 1), 1);
    assert.equal(presses(button, 'v1', 50), 5);
    assert.equal(presses(button, 'v2', 10), 4);
  });

  it('is never pressed after an error, or for a version that is not told', () => {
    const button = new Button({ v2: 1 });
    assert.equal(presses(button, 'v2', 5, 500), 0);
    assert.equal(presses(button, 'v1', 5), 0);
    assert.equal(presses(new Button(), 'v2', 5), 0);
    assert.equal(button.isPressedAfter({ error: 'ECONNRESET' }), false);
  });
});
