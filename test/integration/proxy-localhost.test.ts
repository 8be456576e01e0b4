/** Names under localhost need no hosts file: a real browser reaches two applications by name. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { findBrowser } from '../../labs/browser/find-browser.ts';
import { type LaunchedBrowser, launchBrowser } from '../../labs/browser/launch.ts';
import { answerOf, RawBackend } from '../support/raw-peer.ts';
import { LISTENER, TestPlane } from '../support/start-data-plane.ts';

const chosen = await findBrowser(process.env);
const skip = !chosen.found && `no browser: ${chosen.reason}; ${chosen.fix}`;
const executablePath = chosen.found ? chosen.executablePath : '';

describe('*.localhost in a browser', { skip }, () => {
  let test: TestPlane;
  let launched: LaunchedBrowser;

  before(async () => {
    const backend = await RawBackend.answering(head => {
      const host = /\r\nHost: ([^\r]*)/.exec(head)?.[1] ?? '';
      return answerOf(`<title>${host}</title>`, 'Content-Type: text/html\r\n');
    });
    test = await TestPlane.start({ backends: [backend] });
    const frontend = { listener: LISTENER, hostname: '*.localhost', path: '', clusterId: 'web' };
    test.apply({ kind: 'add-frontend', frontend });
    const closed = { ...frontend, hostname: 'admin.localhost', clusterId: null };
    test.apply({ kind: 'add-frontend', frontend: closed });
    launched = await launchBrowser({ executablePath, headed: false, slowMs: 0 });
  });
  after(async () => {
    await launched.close();
    await test.stop();
  });

  it('leads each name where its frontend says', async () => {
    const page = await launched.browser.newPage();
    for (const name of ['shop', 'blog']) {
      const answer = await page.goto(`http://${name}.localhost:${test.port}/`);
      assert.equal(answer?.status(), 200);
      assert.equal(await page.title(), `${name}.localhost:${test.port}`);
    }
    // No dialog asks for a password: the page of the refusal is what a person sees.
    const refused = await page.goto(`http://admin.localhost:${test.port}/`);
    assert.equal(refused?.status(), 401);
    assert.match(await page.locator('h1').innerText(), /401/);
    const unknown = await page.goto(`http://a.b.localhost:${test.port}/`);
    assert.equal(unknown?.status(), 404);
    await page.close();
  });
});
