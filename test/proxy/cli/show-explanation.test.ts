/** An explanation as a person reads it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { showExplanation } from '../../../proxy/cli/show-explanation.ts';
import type { ExplainContent } from '../../../proxy/command/explanation.ts';

const content: ExplainContent = {
  method: 'GET',
  host: 'shop.localhost',
  target: '/api',
  listener: '127.0.0.1:80',
  outcome: '',
  status: 0,
  denyRules: [{ name: 'log4shell', met: false }],
  frontends: [
    { frontend: '*.localhost/api', clusterId: 'web', verdict: 'serves' },
    { frontend: '*', clusterId: null, verdict: 'less-specific-host' },
  ],
  omitted: 7,
  cluster: { id: 'web', loadBalancing: 'maglev', notes: ['the same host leads there'] },
  backends: [],
};

describe('showExplanation', () => {
  it('marks what serves and says of everything else why not', () => {
    assert.equal(
      showExplanation(content),
      `GET /api for host shop.localhost on 127.0.0.1:80

deny rule log4shell: not met

   frontend         cluster    verdict
→  *.localhost/api  web        serves
   *                none: 401  a more specific host matches, and that one alone is asked
and 7 frontends of other hosts

cluster web: maglev; the same host leads there
it has no backends
`,
    );
  });

  it('says what would have served where a deny rule refuses', () => {
    const denied = showExplanation({ ...content, status: 403 });
    assert.match(denied, /web +would serve\n/);
  });

  it('ends with the frontend that was meant, perhaps', () => {
    const { cluster: _, ...missed } = content;
    const text = showExplanation({ ...missed, status: 404, nearest: 'shop.localhost/ap, perhaps' });
    assert.match(text, /\nnearest: shop\.localhost\/ap, perhaps\n$/);
  });
});
