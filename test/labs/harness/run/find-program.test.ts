import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findProgram } from '../../../../labs/harness/run/find-program.ts';

describe('findProgram', () => {
  it('knows how programs are called on Windows', () => {
    assert.equal(findProgram('node', ['/nowhere'], ['.exe']), undefined);
    assert.equal(findProgram('sh', ['/bin']), '/bin/sh');
    assert.equal(findProgram('sh', ['/bin'], ['.exe']), undefined, 'there is no sh.exe');
  });
});
