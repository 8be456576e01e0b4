/** Which tools are missing is found on the PATH, and told with one line to type. */
import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  missingTools,
  missingToolsMessage,
  packagesFor,
  TOOLS,
} from '../../vms/debian-packages.ts';
import { locateProgram } from '../../vms/programs/locate.ts';

describe('the table of Debian packages', () => {
  const pathBefore = process.env['PATH'];
  let folder = '';

  before(async () => {
    const which = await locateProgram('which');
    folder = await mkdtemp(path.join(tmpdir(), 'relais-tools-'));
    assert.ok(which !== undefined);
    await symlink(which, path.join(folder, 'which'));
    process.env['PATH'] = folder;
  });

  after(async () => {
    process.env['PATH'] = pathBefore;
    await rm(folder, { recursive: true, force: true });
  });

  it('names what is not on the PATH with its package', async () => {
    const missing = await missingTools('box');
    assert.ok(missing.some(tool => tool.command === 'mmdebstrap'));
    assert.ok(missing.some(tool => tool.command === 'qemu-img' && tool.package === 'qemu-utils'));
  });

  it('does not name what is there', async () => {
    const program = path.join(folder, 'mmdebstrap');
    await writeFile(program, '#!/bin/sh\n');
    await chmod(program, 0o755);
    const missing = await missingTools('box');
    assert.ok(!missing.some(tool => tool.command === 'mmdebstrap'));
  });

  it('names a tool of several needs once', async () => {
    const commands = (await missingTools('lxc', 'libvirt', 'vagrant')).map(tool => tool.command);
    assert.ok(commands.includes('vagrant'));
    assert.equal(new Set(commands).size, commands.length);
  });

  it('tells all of it in one line', () => {
    const message = missingToolsMessage(TOOLS.docker);
    assert.match(message, /^Missing here: dockerd, containerd,/);
    assert.equal(message.match(/apt-get/g)?.length, 1);
    assert.ok(message.endsWith(packagesFor(TOOLS.docker).join(' ')));
  });
});
