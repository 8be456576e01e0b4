/** Only the logs that probes look into are followed. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defineLab } from '../../../labs/harness/define-lab.ts';
import { hello } from '../../../labs/harness/kit.ts';
import { logSources } from '../../../labs/harness/log-sources.ts';
import { t } from '../../../labs/harness/text.ts';

const words = t('a', 'b');

describe('logSources', () => {
  it('are those of checks, diagnoses and choices, each once', () => {
    const lab = defineLab({
      id: 'fake',
      title: words,
      summary: words,
      minutes: 1,
      machines: {
        webapp1: { ip: '192.168.56.21', forwardedPort: 9091, app: hello('v1') },
        webapp2: { ip: '192.168.56.22', forwardedPort: 9092, app: hello('v1') },
      },
      backends: ['webapp1'],
      visitors: { alice: { perSecond: 1, keepAlive: false } },
      steps: ({ expect }) => [
        {
          id: 'one',
          title: words,
          minutes: 1,
          say: words,
          act: [],
          predict: {
            ask: words,
            choices: [
              { id: 'a', text: words, trueWhen: expect.logged('proxy', 'x') },
              { id: 'b', text: words, trueWhen: expect.status(200) },
            ],
          },
          check: [
            {
              id: 'one',
              claim: words,
              probe: expect.status(200),
              because: [{ when: expect.notLogged('webapp2', 'x'), say: words }],
            },
          ],
          during: [{ id: 'two', claim: words, probe: expect.logged('proxy', 'y') }],
        },
      ],
    });
    assert.deepEqual([...logSources(lab)].sort(), ['proxy', 'webapp2']);
  });
});
