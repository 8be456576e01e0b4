/** Paths of local sockets, on every system. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { socketEndpoint, socketPathBytes } from '../../../proxy/shared/socket-path.ts';

const endpoint = (socketPath: string): string => socketEndpoint(socketPath, 'win32');

describe('the path of a local socket', () => {
  it('is a file on Unix', () => {
    assert.equal(socketEndpoint('/run/relais.sock', 'linux'), '/run/relais.sock');
    assert.equal(socketEndpoint('./relais.sock', 'darwin'), './relais.sock');
  });

  it('is a pipe on Windows, whose name is short however deep the folder', () => {
    const deep = `C:\\${'folder\\'.repeat(60)}relais.sock`;
    for (const each of ['C:\\lab\\relais.sock', deep]) {
      assert.match(endpoint(each), /^\\\\\.\\pipe\\relais-[0-9a-f]{32}$/);
    }
  });

  it('is the same pipe for every spelling of the path', () => {
    const one = endpoint('C:\\lab\\relais.sock');
    for (const same of [
      'c:\\LAB\\Relais.sock',
      'C:/lab/relais.sock',
      'C:\\lab\\x\\..\\relais.sock',
    ]) {
      assert.equal(endpoint(same), one, same);
    }
    assert.notEqual(endpoint('D:\\lab\\relais.sock'), one);
    assert.notEqual(endpoint('C:\\lab\\relais.sock.edge'), one);
  });

  it('may name a pipe itself', () => {
    assert.equal(endpoint('\\\\.\\pipe\\mine'), '\\\\.\\pipe\\mine');
    assert.equal(endpoint('\\\\?\\PIPE\\mine'), '\\\\?\\PIPE\\mine');
  });

  it('is shorter on macOS than on Linux', () => {
    assert.equal(socketPathBytes('linux'), 107);
    assert.equal(socketPathBytes('darwin'), 103);
    assert.equal(socketPathBytes('win32'), Number.POSITIVE_INFINITY);
  });
});
