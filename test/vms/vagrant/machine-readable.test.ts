import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  parseErrorExit,
  parseMachineReadable,
  parseStatus,
} from '../../../vms/vagrant/machine-readable.ts';

/** As `vagrant status --machine-readable` prints it, cut to what is read. */
const status = (engine: string, word: string): string =>
  [
    `1764444000,webapp1,metadata,provider,${engine}`,
    `1764444000,webapp1,provider-name,${engine}`,
    `1764444000,webapp1,state,${word}`,
    '1764444000,webapp1,state-human-short,in words',
    '1764444000,,ui,info,Current machine states:\\n\\nwebapp1   in words',
    '',
  ].join('\n');

describe('parseMachineReadable', () => {
  it('reads lines, and brings back commas and line ends', () => {
    const line = '1764444000,webapp1,state-human-long,one%!(VAGRANT_COMMA) two\\nthree,four';
    assert.deepEqual(parseMachineReadable(`${line}\n`), [
      { machine: 'webapp1', kind: 'state-human-long', data: ['one, two\nthree', 'four'] },
    ]);
  });

  it('leaves out what is of no such form', () => {
    const printed = 'WARNING: a plug-in speaks\r\n1764444000,,ui,info,hello\r\n\r\n,,,\n12';
    assert.deepEqual(parseMachineReadable(printed), [
      { machine: '', kind: 'ui', data: ['info', 'hello'] },
    ]);
  });

  it('never throws, whatever is printed', () => {
    fc.assert(
      fc.property(fc.string(), printed => {
        parseMachineReadable(printed);
        parseStatus(printed);
      }),
    );
  });
});

describe('parseStatus', () => {
  const words: [string, string, string][] = [
    ['virtualbox', 'running', 'running'],
    ['virtualbox', 'poweroff', 'poweroff'],
    ['virtualbox', 'saved', 'poweroff'],
    ['virtualbox', 'aborted', 'poweroff'],
    ['virtualbox', 'paused', 'running'],
    ['virtualbox', 'inaccessible', 'poweroff'],
    ['virtualbox', 'not_created', 'not-created'],
    ['libvirt', 'shutoff', 'poweroff'],
    ['libvirt', 'paused', 'running'],
    ['libvirt', 'inaccessible', 'running'],
    ['libvirt', 'shutting_down', 'running'],
    ['lxc', 'stopped', 'poweroff'],
    ['lxc', 'frozen', 'running'],
    ['lxc', 'a new word', 'poweroff'],
  ];
  for (const [engine, word, state] of words) {
    it(`${engine}: ${word} is ${state}`, () => {
      assert.deepEqual(parseStatus(status(engine, word)), [{ machine: 'webapp1', word, state }]);
    });
  }

  it('keeps the order of the machines', () => {
    const two = status('lxc', 'running') + status('lxc', 'frozen').replaceAll('webapp1', 'api');
    assert.deepEqual(
      parseStatus(two).map(({ machine }) => machine),
      ['webapp1', 'api'],
    );
  });
});

describe('parseErrorExit', () => {
  it('finds what Vagrant ended with', () => {
    const line =
      '1764444000,,error-exit,Vagrant::Errors::NoDefaultProvider,No usable%!(VAGRANT_COMMA) none\\n';
    assert.equal(parseErrorExit(line), 'No usable, none\n');
    assert.equal(parseErrorExit(status('lxc', 'running')), undefined);
  });
});
