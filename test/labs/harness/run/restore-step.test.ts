/** Going to a step: what earlier steps have changed in the proxy is done again, and no more than that. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defineLab } from '../../../../labs/harness/define-lab.ts';
import { hello } from '../../../../labs/harness/kit.ts';
import { Recorder } from '../../../../labs/harness/run/recorder.ts';
import { restoreStep } from '../../../../labs/harness/run/restore-step.ts';
import { t } from '../../../../labs/harness/text.ts';
import { FakeWorld, runOptions } from '../../../support/fake-lab-parts.ts';

const words = t('a', 'b');
const told = { title: words, minutes: 1, say: words } as const;
const never = new AbortController().signal;

const lab = defineLab({
  id: 'fake',
  title: words,
  summary: words,
  minutes: 1,
  machines: {
    webapp1: { ip: '192.168.56.21', forwardedPort: 9091, app: hello('v1') },
    webapp2: { ip: '192.168.56.22', forwardedPort: 9092, app: hello('v1'), up: true },
    webapp3: { ip: '192.168.56.23', forwardedPort: 9093, app: hello('v1'), up: true },
  },
  backends: ['webapp1'],
  visitors: {},
  steps: ({ proxy, shell, expect }) => {
    const check = [{ id: 'site', claim: words, probe: expect.status(200) }] as const;
    const undo = shell(['true'], { replayed: 'starts-over' });
    return [
      { ...told, id: 'more', act: [proxy.add('webapp2')], check },
      { ...told, id: 'undone', act: [undo, proxy.add('webapp3')], check },
      { ...told, id: 'last', act: [], check },
    ];
  },
});

async function backendsAt(step: string): Promise<readonly string[]> {
  const world = new FakeWorld();
  const parts = world.parts();
  const provider = await parts.chooseProvider(undefined);
  const options = runOptions('/nowhere');
  const request = { lab, provider, options, proxyFolder: '/nowhere', progress: () => {} };
  const stage = await parts.openStage(request, never);
  await restoreStep(lab, step, stage, new Recorder(() => 1), never);
  return [...world.backends.keys()];
}

describe('restoreStep', () => {
  it('changes nothing for the first step', async () => {
    assert.deepEqual(await backendsAt('more'), ['webapp1']);
  });

  it('does again what earlier steps have done', async () => {
    assert.deepEqual(await backendsAt('undone'), ['webapp1', 'webapp2']);
  });

  it('does nothing again that was undone by what starts over', async () => {
    assert.deepEqual(await backendsAt('last'), ['webapp1', 'webapp3']);
  });
});
