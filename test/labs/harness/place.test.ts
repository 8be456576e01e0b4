/** Names and paths at the proxy's address. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { leadsTo, type Place, urlAt } from '../../../labs/harness/place.ts';

const site = 'http://localhost:9690/';

function testPlace(place: Place | undefined, url: string): void {
  it(`${JSON.stringify(place)} is ${url}`, () => {
    assert.equal(urlAt(site, place), url);
    assert.ok(leadsTo(url, place));
  });
}

describe('urlAt and leadsTo', () => {
  testPlace(undefined, site);
  testPlace({}, site);
  testPlace({ host: 'blog.localhost' }, 'http://blog.localhost:9690/');
  testPlace({ path: '/legacy' }, 'http://localhost:9690/legacy');
  testPlace({ host: 'shop.localhost', path: '/legacy' }, 'http://shop.localhost:9690/legacy');

  testPlace({ path: '/?q=%24a' }, 'http://localhost:9690/?q=%24a');

  it('keep another name and another path apart', () => {
    assert.ok(!leadsTo('http://blog.localhost:9690/'));
    assert.ok(!leadsTo('http://localhost:9690/legacy'));
    assert.ok(!leadsTo(site, { host: 'blog.localhost' }));
  });
});
