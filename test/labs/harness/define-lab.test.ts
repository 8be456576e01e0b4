/** What types cannot see in a lab is refused when it is defined. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defineLab } from '../../../labs/harness/define-lab.ts';
import { LabError } from '../../../labs/harness/errors.ts';
import { hello } from '../../../labs/harness/kit.ts';
import type { Check, Lab, LabMachine, Step } from '../../../labs/harness/lab.ts';
import { t } from '../../../labs/harness/text.ts';

const words = t('a', 'b');
const check: Check = { id: 'c', claim: words, probe: { kind: 'no-failed-request' } };

function step(fields: Partial<Step> = {}): Step {
  return { id: 's', title: words, minutes: 1, say: words, act: [], check: [check], ...fields };
}

function lab(steps: readonly [Step, ...Step[]], id = 'one', second?: LabMachine): Lab {
  const webapp1: LabMachine = { ip: '192.168.56.21', forwardedPort: 9091, app: hello('v1') };
  return defineLab({
    id,
    title: words,
    summary: words,
    minutes: 1,
    machines: { webapp1, ...(second === undefined ? {} : { webapp2: second }) },
    backends: ['webapp1'],
    visitors: {},
    steps: () => steps,
  });
}

function testRefused(title: string, define: () => Lab, message: RegExp): void {
  it(title, () => {
    assert.throws(define, error => {
      assert.ok(error instanceof LabError);
      assert.equal(error.code, 'LAB_DEFINITION');
      assert.match(error.message, message);
      return true;
    });
  });
}

describe('defineLab', () => {
  it('fills the kit in', () => {
    const made = defineLab({
      id: 'one',
      title: words,
      summary: words,
      minutes: 1,
      machines: { webapp1: { ip: '192.168.56.21', forwardedPort: 9091, app: hello('v1') } },
      backends: ['webapp1'],
      visitors: {},
      steps: ({ machines, expect }) => [
        step({
          act: [machines.down('webapp1', 'power-off')],
          check: [{ ...check, probe: expect.status(503) }],
        }),
      ],
    });
    assert.deepEqual(made.steps[0].act, [
      { kind: 'machine-down', machine: 'webapp1', how: 'power-off' },
    ]);
    assert.deepEqual(made.steps[0].check[0].probe, { kind: 'status', code: 503 });
  });

  testRefused('a step twice', () => lab([step(), step()]), /two steps are called "s"/);
  testRefused(
    'a check twice',
    () => lab([step({ check: [check, check] })]),
    /step "s" has two checks "c"/,
  );
  testRefused('a check twice, once during', () => lab([step({ during: [check] })]), /two checks/);
  const shot = { id: 'p', visitor: 'alice', alt: words };
  testRefused('a shot twice', () => lab([step({ see: [shot, shot] })]), /two shots "p"/);
  testRefused('an id that is no id', () => lab([step()], 'One Lab'), /"One Lab" may have/);
  const twin: LabMachine = { ip: '192.168.56.21', forwardedPort: 9092, app: hello('v1') };
  testRefused('an address twice', () => lab([step()], 'one', twin), /192\.168\.56\.21/);
  const port: LabMachine = { ip: '192.168.56.22', forwardedPort: 9091, app: hello('v1') };
  testRefused('a port twice', () => lab([step()], 'one', port), /forwarded port 9091/);
});
