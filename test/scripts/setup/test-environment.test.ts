import assert from 'node:assert/strict';
import { it } from 'node:test';
import { testEnvironment } from '../../../scripts/setup/test-environment.ts';

it('a test run is the same on a build server, in a workshop and without colours', () => {
  const env = { PATH: '/bin', RELAIS_BROWSER: '/usr/bin/chromium', TERM: 'dumb' };
  const elsewhere = { CI: 'true', NO_COLOR: '1', FORCE_COLOR: '0', LAB_LANG: 'fr', COLUMNS: '40' };
  assert.deepEqual(testEnvironment({ ...env, ...elsewhere }), { ...env, TERM: 'xterm-256color' });
});
