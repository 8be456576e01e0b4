/** What browsers are asked to open in a step. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createKit } from '../../../../labs/harness/kit.ts';
import type { Shot, Step } from '../../../../labs/harness/lab.ts';
import { looksOf } from '../../../../labs/harness/run/look.ts';
import type { RunFolder } from '../../../../labs/harness/run/run-folder.ts';
import { t } from '../../../../labs/harness/text.ts';

const { expect } = createKit<'webapp1'>();
const words = t('a', 'b');
const folder: RunFolder = { folder: '/', history: '', proxy: '', shot: name => name };
const blog = { host: 'blog.localhost' };

function urlsOf(checks: readonly Step['check'][number]['probe'][], see: readonly Shot[] = []) {
  const [first, ...rest] = checks.map((probe, index) => ({ id: `${index}`, claim: words, probe }));
  assert.ok(first !== undefined);
  const check: Step['check'] = [first, ...rest];
  const step: Step = { id: 'one', title: words, minutes: 1, say: words, act: [], check, see };
  const looks = looksOf(step, 'http://localhost:9090/', { webapp1: 9091 }, folder);
  return looks.map(({ url }) => url);
}

describe('looksOf', () => {
  it('lets two visitors look where a check wants a page and no shot is taken', () => {
    const shows = { status: 200, text: 'x' };
    assert.deepEqual(urlsOf([expect.page(shows), expect.pagesDiffer(2)]), [
      'http://localhost:9090/',
      'http://localhost:9090/',
    ]);
    assert.deepEqual(urlsOf([expect.page({ ...shows, at: blog })]), [
      'http://blog.localhost:9090/',
      'http://blog.localhost:9090/',
    ]);
  });

  it('takes shots where they say, and adds the places that they leave out', () => {
    const shot = { id: 'blog', visitor: 'first', alt: words, at: blog };
    const at = { ...blog, path: '/old' };
    const probes = [blog, at].map(place => expect.page({ status: 200, text: 'x', at: place }));
    assert.deepEqual(urlsOf(probes, [shot]), [
      'http://blog.localhost:9090/',
      'http://blog.localhost:9090/old',
      'http://blog.localhost:9090/old',
    ]);
  });

  it('opens forwarded ports, and nothing when no page is asked for', () => {
    assert.deepEqual(urlsOf([expect.direct('webapp1')]), ['http://localhost:9091/']);
    assert.deepEqual(urlsOf([expect.status(200)]), []);
  });
});
