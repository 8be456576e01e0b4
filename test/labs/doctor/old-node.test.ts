/** An old Node is told in one line, by a program that it can still read. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, it } from 'node:test';

const main = path.resolve(import.meta.dirname, '../../../bin/lab.js');

/** This Node, calling itself another one before anything is loaded. */
function run(version: string, env: NodeJS.ProcessEnv) {
  const posing = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  const preload = `data:text/javascript,${encodeURIComponent(posing)}`;
  const argv = ['--import', preload, main, 'list'];
  return spawnSync(process.execPath, argv, { encoding: 'utf8', env: { ...process.env, ...env } });
}

describe('lab on an old Node', () => {
  it('says which one it needs, and stops', () => {
    const { status, stdout, stderr } = run('18.20.8', { LAB_LANG: 'en' });
    assert.equal(status, 4);
    assert.equal(stdout, '');
    assert.match(stderr, /^The labs need Node\.js 20\.19 or later; this is 18\.20\.8\..*\n$/);
  });

  it('says it in French', () => {
    const { stderr } = run('20.18.0', { LAB_LANG: '', LC_ALL: '', LC_MESSAGES: '', LANG: 'fr_FR' });
    assert.match(stderr, /^Les labs ont besoin de Node\.js 20\.19 ou plus récent/);
  });

  it('starts on one that is new enough', () => {
    assert.equal(run('20.19.0', { LAB_LANG: 'en' }).status, 0);
  });
});
