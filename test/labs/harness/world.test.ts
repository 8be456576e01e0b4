/** The world at every point of a lab's story, worked out from its actions. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { catalogue } from '../../../labs/catalogue/catalogue.ts';
import { defineLab } from '../../../labs/harness/define-lab.ts';
import { hello } from '../../../labs/harness/kit.ts';
import { t } from '../../../labs/harness/text.ts';
import {
  afterAction,
  startingMachines,
  worldAtStart,
  worldBefore,
} from '../../../labs/harness/world.ts';

const words = t('a', 'b');
const lab = defineLab({
  id: 'world',
  title: words,
  summary: words,
  minutes: 1,
  machines: {
    webapp1: { ip: '192.168.56.21', forwardedPort: 9091, app: hello('v1') },
    webapp2: { ip: '192.168.56.22', forwardedPort: 9092, app: hello('v1'), up: true },
    webapp3: { ip: '192.168.56.23', forwardedPort: 9093, app: hello('v2') },
  },
  backends: ['webapp1'],
  visitors: {},
  steps: ({ machines, proxy, expect }) => {
    const common = {
      title: words,
      minutes: 1,
      say: words,
      check: [{ id: 'c', claim: words, probe: expect.status(200) }],
    } as const;
    return [
      { ...common, id: 'one', act: [machines.up('webapp3'), proxy.add('webapp3')] },
      {
        ...common,
        id: 'two',
        act: [machines.down('webapp1', 'power-off'), machines.down('webapp2', 'freeze')],
      },
      { ...common, id: 'three', act: [machines.heal('webapp1'), proxy.remove('webapp1')] },
      {
        ...common,
        id: 'four',
        act: [
          machines.knobs('webapp1', { statusFailing: true, delayMs: 300 }),
          machines.deploy('webapp2', 'v2'),
        ],
      },
      { ...common, id: 'five', act: [machines.knobs('webapp1', { delayMs: 0 })] },
      { ...common, id: 'six', act: [machines.heal('webapp1')] },
      { ...common, id: 'seven', act: [] },
    ];
  },
});

function told(step: string): Record<string, string> {
  const { machines, backends } = worldBefore(lab, step);
  const goals = [...machines].map(([name, { state, failures }]): [string, string] => [
    name,
    [state, ...failures, ...(backends.has(name) ? ['backend'] : [])].join(' '),
  ]);
  return Object.fromEntries(goals);
}

describe('the world of a lab', () => {
  it('begins with the machines of the configuration, and those that are asked for', () => {
    assert.deepEqual(startingMachines(lab), ['webapp1', 'webapp2']);
    assert.deepEqual(told('one'), {
      webapp1: 'running backend',
      webapp2: 'running',
      webapp3: 'not-created',
    });
  });

  it('follows every action', () => {
    assert.equal(told('two')['webapp3'], 'running backend');
    assert.equal(told('three')['webapp1'], 'poweroff power-off backend');
    assert.equal(told('three')['webapp2'], 'running freeze');
    assert.equal(told('four')['webapp1'], 'running');
  });

  it('knows what was deployed and what apps were told', () => {
    const { machines } = worldBefore(lab, 'five');
    assert.deepEqual(machines.get('webapp1'), {
      state: 'running',
      version: 'v1',
      failures: ['slow'],
      knobs: { statusFailing: true, delayMs: 300 },
    });
    assert.deepEqual(machines.get('webapp2'), { state: 'running', version: 'v2', failures: [] });
    const quick = { statusFailing: true, delayMs: 0 };
    assert.deepEqual(worldBefore(lab, 'six').machines.get('webapp1')?.knobs, quick);
    assert.equal(worldBefore(lab, 'seven').machines.get('webapp1')?.knobs, undefined);
  });

  it('keeps limits over the end of an app, and no faults', () => {
    const goals = ['crash', 'power-off'] as const;
    for (const how of goals) {
      const limited = afterAction(worldAtStart(lab), {
        kind: 'machine-knobs',
        machine: 'webapp1',
        knobs: { capacity: 4, errorRate: 0.5 },
      });
      const dead = afterAction(limited, { kind: 'machine-down', machine: 'webapp1', how });
      const back = afterAction(dead, { kind: 'machine-heal', machine: 'webapp1' });
      assert.deepEqual(back.machines.get('webapp1')?.knobs, { capacity: 4 });
    }
  });

  it('is known for every step of every lab', () => {
    for (const one of catalogue) {
      for (const { id } of one.steps) {
        assert.equal(worldBefore(one, id).machines.size, worldAtStart(one).machines.size);
      }
    }
  });
});
