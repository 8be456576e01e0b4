/** `lab doctor --bundle`, as a user types it, with secrets planted all around. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { LabHome } from '../../support/lab-command.ts';

describe('lab doctor --bundle', () => {
  let home: LabHome;
  before(async () => {
    home = await LabHome.open();
  });
  after(() => home.remove());

  const planted = {
    RELAIS_TOKEN: 'planted-token-1',
    DB_PASSWORD: 'pw1!',
    CUSTOMER_FILE: '/srv/planted-customer/list',
    RELAIS_BROWSER: '/srv/planted-customer/browser',
    HTTPS_PROXY: 'http://planted-user:planted-pass@proxy.example:3128',
    HOME: '/home/planted-home',
  };

  it('writes a report to paste, without any of them', async () => {
    const file = path.join(home.folder, 'report.txt');
    const { code, stdout, stderr } = await home.run(['doctor', '--bundle', file], planted);
    assert.ok(code === 0 || code === 4, stderr);
    assert.ok(stdout.includes(`Written: ${file}`), stdout);
    const text = readFileSync(file, 'utf8');
    assert.doesNotMatch(text, /planted|pw1!/);
    assert.ok(!text.includes(home.folder), 'the value of LAB_HOME');
    assert.doesNotMatch(text, new RegExp(`(?<![\\w-])${os.hostname()}(?![\\w-])`));
    // What it is for is still there.
    assert.match(text, /RELAIS_BROWSER/);
    assert.ok(text.includes(process.versions.node));
    assert.match(text, /machines: process/);
    assert.match(text, /"platform": "\w+"/);
    await home.assertNothingLeft();
  });

  it('replaces an older report and nothing else', async () => {
    const file = path.join(home.folder, 'mine.txt');
    writeFileSync(file, 'my own notes\n');
    const words = ['doctor', '--no-browser', '--bundle', file];
    const { code, stderr } = await home.run(words);
    assert.equal(code, 2);
    assert.match(stderr, /is there and no report of the doctor/);
    assert.equal(readFileSync(file, 'utf8'), 'my own notes\n');
    const nowhere = path.join(home.folder, 'no', 'such', 'folder.txt');
    const lost = await home.run(['doctor', '--no-browser', '--bundle', nowhere]);
    assert.equal(lost.code, 4);
    assert.match(lost.stderr, /cannot be written .*ENOENT/);
  });

  for (const [words, expected] of [
    [['--try', 'netn'], /Did you mean netns\?/],
    [['--fix', '--json'], /leave out --json/],
    [['--yes'], /--fix: add it/],
  ] as const) {
    it(`refuses ${words.join(' ')} before anything is tried`, async () => {
      const { code, stderr, stdout } = await home.run(['doctor', ...words]);
      assert.equal(code, 2, stdout);
      assert.match(stderr, expected);
      assert.equal(stdout, '');
    });
  }
});
