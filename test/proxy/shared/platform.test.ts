/** What differs between systems, told for each of them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hostsFile } from '../../../proxy/master/names/name-lookup.ts';
import { nameAnswer, nameQuestion } from '../../../proxy/master/sockets/port-owner.ts';
import { whyNoHandOver } from '../../../proxy/net/socket/handle-pipe.ts';
import { endingSignals, platformOf } from '../../../proxy/shared/platform.ts';

describe('platform', () => {
  it('counts every Unix that is not Linux as one', () => {
    const names = ['linux', 'win32', 'darwin', 'freebsd'];
    assert.deepEqual(names.map(platformOf), ['linux', 'win32', 'darwin', 'darwin']);
  });

  it('on Windows a closed window ends a program, and nothing else is SIGTERM', () => {
    assert.deepEqual(endingSignals('win32'), ['SIGINT', 'SIGBREAK', 'SIGHUP']);
    assert.deepEqual(endingSignals('darwin'), ['SIGTERM', 'SIGINT']);
  });

  it('asks the system tool of Windows for the name of a process', () => {
    const words = ['tasklist', '/FI', 'PID eq 812', '/FO', 'CSV', '/NH'];
    assert.deepEqual(nameQuestion(812, 'win32'), words);
    const line = '"node.exe","812","Console","1","41,236 K"\r\n';
    assert.equal(nameAnswer(line, 'win32'), 'node.exe');
    const nobody = 'INFO: No tasks are running which match the specified criteria.\r\n';
    assert.equal(nameAnswer(nobody, 'win32'), 'a process');
  });

  it('and `ps` on macOS, which tells the whole path', () => {
    assert.deepEqual(nameQuestion(812, 'darwin'), ['ps', '-o', 'comm=', '-p', '812']);
    assert.equal(nameAnswer('/usr/local/bin/nginx\n', 'darwin'), 'nginx');
    assert.equal(nameAnswer('', 'darwin'), 'a process');
  });

  it('knows the file of hosts', () => {
    assert.equal(hostsFile('darwin'), '/etc/hosts');
    assert.match(hostsFile('win32'), /^C:\\Windows\\.*\\hosts$/);
  });

  it('says what to do where a main process cannot be replaced', () => {
    assert.match(whyNoHandOver('win32'), /stop this proxy and start it again$/);
    assert.match(whyNoHandOver('linux'), /this version of Node/);
  });
});
