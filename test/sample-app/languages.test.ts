/** Pages in the visitor's language; the tutorial's words and the JSON are the same in all. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type HelloEarth, startHelloEarth } from '../support/hello-earth.ts';

describe('the language of a page', () => {
  let app: HelloEarth;
  before(async () => {
    app = await startHelloEarth({ NAME_SEED: 'hello', MACHINE: 'webapp1' });
  });
  after(() => app.stop());

  const page = async (path: string, language?: string): Promise<string> => {
    const headers = language === undefined ? {} : { 'accept-language': language };
    return (await fetch(app.url + path, { headers })).text();
  };

  function testLanguage(path: string, header: string | undefined, language: 'en' | 'fr'): void {
    it(`of ${path} with ${header} is ${language}`, async () => {
      assert.match(await page(path, header), new RegExp(`<html lang="${language}">`));
    });
  }

  testLanguage('/', undefined, 'en');
  testLanguage('/', 'fr-FR,fr;q=0.9,en;q=0.8', 'fr');
  testLanguage('/', 'en-GB,en;q=0.9,fr;q=0.8', 'en');
  testLanguage('/', 'de', 'en');
  testLanguage('/?lang=fr', 'en', 'fr');
  testLanguage('/?lang=en', 'fr', 'en');
  testLanguage('/?lang=de', 'fr', 'fr');
  testLanguage('/moon', 'fr', 'fr');

  it('does not change the words of the tutorial, and says that they are English', async () => {
    const [english, french] = [await page('/'), await page('/?lang=fr')];
    for (const words of [/👋 I am [a-z-]+\d+<\/h1>/, /Hello 🌍 v1<\/h2>/]) {
      assert.equal(words.exec(french)?.[0], words.exec(english)?.[0] ?? 'nothing');
    }
    assert.match(french, /<h1 class="title" lang="en"/);
    assert.match(french, /aria-label="Version v1 : A dans un cercle"/);
  });

  it('is that of problems too, but not of JSON', async () => {
    assert.match(await page('/moon', 'fr'), /Il n’y a rien à l’adresse \/moon/);
    const headers = { 'accept-language': 'fr', accept: 'application/json' };
    const json = await fetch(`${app.url}/moon`, { headers });
    assert.deepEqual(await json.json(), { error: 'Nothing lives at /moon' });
  });

  it('can be changed by a link, and caches are told', async () => {
    assert.match(await page('/'), /<a href="\?lang=fr" hreflang="fr" lang="fr">Français<\/a>/);
    assert.match(await page('/?lang=fr'), /<a href="\?lang=en" hreflang="en" lang="en">English</);
    const vary = (await fetch(app.url)).headers.get('vary');
    assert.equal(vary, 'Accept, Accept-Language');
  });
});
