/** Small texts that another program has to read as they are meant. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mustRun } from '../../../vms/programs/command.ts';
import { environmentFile } from '../../../vms/vagrant/app-variables.ts';
import { shellWord } from '../../../vms/vagrant/shell-word.ts';
import { parseVms } from '../../../vms/vagrant/virtualbox.ts';

describe('environmentFile', () => {
  it('quotes what systemd would read otherwise, as the Vagrantfile does', () => {
    assert.equal(
      environmentFile({ A: 'x', B: 'a "b" $c `d` \\' }),
      'A="x"\nB="a \\"b\\" \\$c \\`d\\` \\\\"\n',
    );
  });
});

describe('shellWord', () => {
  it('is one word for a shell, whatever is in it', async () => {
    const words = ["it's", 'a  b', '$HOME', '*', ''];
    const script = `printf '[%s]' ${words.map(shellWord).join(' ')}`;
    assert.equal(await mustRun(['sh', '-c', script]), words.map(word => `[${word}]`).join(''));
  });
});

describe('parseVms', () => {
  it('reads what VBoxManage lists', () => {
    const printed = '"relais-1a-webapp1" {0f-1}\r\n"Ubuntu "22"" {ab-2}\nno machine\n';
    assert.deepEqual(parseVms(printed.replaceAll('\r', '')), [
      { name: 'relais-1a-webapp1', uuid: '0f-1' },
      { name: 'Ubuntu "22"', uuid: 'ab-2' },
    ]);
  });
});
