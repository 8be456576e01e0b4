/** The gate finds what is wrong with a lab, in a world that is held in memory. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { checkLab } from '../../../labs/check/check-lab.ts';
import type { Finding } from '../../../labs/check/finding.ts';
import { defineLab } from '../../../labs/harness/define-lab.ts';
import { hello } from '../../../labs/harness/kit.ts';
import type { Lab, Step } from '../../../labs/harness/lab.ts';
import { t } from '../../../labs/harness/text.ts';
import type { Kit } from '../../../labs/harness/words.ts';
import { FakeWorld, runOptions } from '../../support/fake-lab-parts.ts';

const words = t('Words', 'Mots');
const never = new AbortController().signal;
type Words = Kit<'webapp1' | 'webapp2', 'alice'>;

function labOf(step: (kit: Words) => Pick<Step, 'act' | 'check'> & Partial<Step>): Lab {
  return defineLab({
    id: 'gate',
    title: words,
    summary: words,
    minutes: 1,
    machines: {
      webapp1: { ip: '192.168.56.21', forwardedPort: 9091, app: hello('v1') },
      webapp2: { ip: '192.168.56.22', forwardedPort: 9092, app: hello('v1') },
    },
    backends: ['webapp1'],
    visitors: { alice: { perSecond: 5, keepAlive: false } },
    steps: kit => [{ id: 'one', title: words, minutes: 1, say: words, ...step(kit) }],
  });
}

describe('checkLab', () => {
  let home: string;
  before(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'lab-gate-'));
  });
  after(() => rm(home, { recursive: true }));

  async function brokenRules(lab: Lab): Promise<readonly string[]> {
    const found: Finding[] = [];
    const parts = new FakeWorld().parts();
    await checkLab(lab, runOptions(home), parts, never, finding => found.push(finding));
    const rules = found.filter(({ rule, problem }) => problem !== undefined && rule !== 'texts');
    return [...new Set(rules.map(({ rule }) => rule))];
  }

  it('finds nothing wrong with a step that is red, then green', async () => {
    const lab = labOf(({ machines, proxy, expect }) => ({
      act: [machines.up('webapp2'), proxy.add('webapp2')],
      check: [{ id: 'two', claim: words, probe: expect.backends('webapp1', 'webapp2') }],
    }));
    assert.deepEqual(await brokenRules(lab), []);
  });

  it('finds a step that is green before anything is done', async () => {
    const lab = labOf(({ proxy, expect }) => ({
      act: [proxy.add('webapp2')],
      check: [{ id: 'answers', claim: words, probe: expect.status(200) }],
    }));
    assert.deepEqual(await brokenRules(lab), ['red-before', 'red-again']);
  });

  it('finds a step that does not turn green', async () => {
    const lab = labOf(({ proxy, expect }) => ({
      act: [proxy.add('webapp2')],
      check: [
        { id: 'never', claim: words, probe: expect.status(418), window: { within: '200ms' } },
      ],
    }));
    assert.deepEqual(await brokenRules(lab), ['green-after']);
  });

  it('finds two predictions that come true', async () => {
    const lab = labOf(({ expect }) => ({
      act: [],
      check: [{ id: 'answers', claim: words, probe: expect.status(200) }],
      predict: {
        ask: words,
        choices: [
          { id: 'a', text: words, trueWhen: expect.status(200) },
          { id: 'b', text: words, trueWhen: expect.answered(200) },
        ],
      },
    }));
    assert.deepEqual(await brokenRules(lab), ['one-prediction']);
  });
});
