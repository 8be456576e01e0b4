/** The versions that may be deployed are those that the app has. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { APP_VERSIONS } from '../../../labs/cli/deploy-command.ts';
import { VERSIONS } from '../../../sample-app/version.ts';

describe('lab deploy', () => {
  it('knows the versions of the sample app', () => {
    assert.deepEqual(APP_VERSIONS, VERSIONS);
  });
});
