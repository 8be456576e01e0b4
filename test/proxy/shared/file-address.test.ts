/** Paths behind `file://`. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pathOfFileAddress } from '../../../proxy/shared/file-address.ts';

describe('pathOfFileAddress', () => {
  it('is what stands behind the scheme', () => {
    assert.equal(pathOfFileAddress('file:///var/log/a b.log', 'linux'), '/var/log/a b.log');
    assert.equal(pathOfFileAddress('file://./busy.http', 'linux'), './busy.http');
    assert.equal(pathOfFileAddress('stdout', 'linux'), undefined);
    assert.equal(pathOfFileAddress('http://file://', 'linux'), undefined);
  });

  it('on Windows may begin with a drive, with or without a slash in front', () => {
    for (const text of ['file:///C:/log', 'file://C:/log']) {
      assert.equal(pathOfFileAddress(text, 'win32'), 'C:/log');
    }
    assert.equal(pathOfFileAddress('file://C:\\log', 'win32'), 'C:\\log');
    assert.equal(pathOfFileAddress('file:///C:/log', 'linux'), '/C:/log', 'a folder of that name');
    assert.equal(pathOfFileAddress('file:///log', 'win32'), '/log');
  });
});
