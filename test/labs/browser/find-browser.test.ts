/** Finds fake browsers in a throw-away folder: real files, really asked for their version. */
import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { findBrowser, installationAdvice } from '../../../labs/browser/find-browser.ts';
import type { Place } from '../../../labs/browser/places.ts';

const skip = process.platform === 'win32' && 'fake programs are shell scripts';

describe('findBrowser', { skip }, () => {
  let folder = '';
  const at = (name: string): string => path.join(folder, name);
  const noDownload = async (): Promise<string> => at('no-download');
  const place = (name: Place['name'], file: string): Place => ({ name, executablePath: at(file) });

  async function fake(name: string, script: string, mode = 0o755): Promise<void> {
    await writeFile(at(name), `#!/bin/sh\n${script}\n`);
    await chmod(at(name), mode);
  }

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'relais-test-browsers-'));
    await fake('chrome', 'echo "Google Chrome 140.0.7339.80 "');
    await fake('edge', 'echo "Microsoft Edge 139.0.3405.86"');
    await fake('chromium', 'echo "warning" >&2; echo "Chromium 156.0.1 built on Debian"');
    await fake('firefox', 'echo "Mozilla Firefox 128.0"');
    await fake('snap-stub', 'echo "Command requires the snap" >&2; exit 1');
    await fake('mute', 'exit 0');
    await fake('locked', 'echo "Chromium 1.2"', 0o644);
    await mkdir(at('a-folder'));
  });
  after(() => rm(folder, { recursive: true }));

  it('takes the first installed browser and tells its version', async () => {
    const places = [place('Google Chrome', 'chrome'), place('Microsoft Edge', 'edge')];
    assert.deepEqual(await findBrowser({}, places, noDownload), {
      found: true,
      executablePath: at('chrome'),
      name: 'Google Chrome',
      version: '140.0.7339.80',
      source: 'installed',
    });
  });

  it('passes over one that is missing, does not start or may not be executed', async () => {
    const places = [
      place('Google Chrome', 'missing'),
      place('Google Chrome', 'snap-stub'),
      place('Microsoft Edge', 'locked'),
      place('Chromium', 'chromium'),
    ];
    const answer = await findBrowser({}, places, noDownload);
    assert.ok(answer.found);
    assert.equal(answer.executablePath, at('chromium'));
    assert.equal(answer.version, '156.0.1');
  });

  it("takes Playwright's own download last", async () => {
    const answer = await findBrowser({}, [place('Google Chrome', 'missing')], async () =>
      at('chromium'),
    );
    assert.ok(answer.found);
    assert.equal(answer.source, 'playwright');
  });

  it('says why those present were refused, and what to do', async () => {
    const answer = await findBrowser({}, [place('Chromium', 'snap-stub')], noDownload);
    assert.ok(!answer.found);
    assert.match(answer.reason, /snap-stub does not start: .*exit code 1/);
    assert.equal(answer.fix, installationAdvice());
  });

  it('says that there is none, and what to do', async () => {
    const answer = await findBrowser({ PATH: '' }, [], noDownload);
    assert.ok(!answer.found);
    assert.match(answer.reason, /no Chrome, Edge or Chromium is installed/);
  });

  it('advises the package on Debian as root, the download elsewhere', () => {
    assert.match(installationAdvice(true, true), /npm run setup/);
    assert.match(installationAdvice(true, false), /npx playwright install chromium/);
    assert.match(installationAdvice(false, true), /npx playwright install chromium/);
  });

  it('prefers RELAIS_BROWSER, by path or by name on the PATH', async () => {
    const places = [place('Google Chrome', 'chrome')];
    for (const RELAIS_BROWSER of [at('chromium'), 'chromium']) {
      const answer = await findBrowser({ RELAIS_BROWSER, PATH: folder }, places, noDownload);
      assert.ok(answer.found);
      assert.equal(answer.executablePath, at('chromium'));
      assert.equal(answer.source, 'RELAIS_BROWSER');
    }
  });

  it('treats an empty RELAIS_BROWSER as not set', async () => {
    const places = [place('Google Chrome', 'chrome')];
    const answer = await findBrowser({ RELAIS_BROWSER: '' }, places, noDownload);
    assert.ok(answer.found && answer.source === 'installed');
  });

  const wrong: readonly (readonly [string, RegExp])[] = [
    ['/no/such/browser', /RELAIS_BROWSER is set to "\/no\/such\/browser", but .* does not exist/],
    ['chromiun', /chromiun is not on the PATH/],
    ['a-folder', /a-folder is not a file/],
    ['locked', /locked is not executable/],
    ['snap-stub', /snap-stub does not start/],
    ['mute', /mute is not a Chromium browser: asked for its version, it said nothing/],
    ['firefox', /firefox is not a Chromium browser: .* it said Mozilla Firefox 128\.0/],
  ];
  for (const [name, reason] of wrong) {
    it(`refuses RELAIS_BROWSER=${name} although another browser is installed`, async () => {
      const env = { RELAIS_BROWSER: name, PATH: folder };
      const answer = await findBrowser(env, [place('Google Chrome', 'chrome')], noDownload);
      assert.ok(!answer.found);
      assert.match(answer.reason, reason);
      assert.match(answer.fix, /RELAIS_BROWSER/);
    });
  }
});
