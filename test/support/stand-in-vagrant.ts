/** A folder for Vagrant whose `vagrant` is the stand-in of test/fixtures/programs. */
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { VagrantPlace } from '../../vms/vagrant/command-line.ts';

const program = path.resolve(import.meta.dirname, '../../../test/fixtures/programs/vagrant.cjs');

export function standInVagrant(): { place: VagrantPlace; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'vagrant-'));
  symlinkSync(program, path.join(folder, 'vagrant'));
  const env = { PATH: `${folder}:${process.env['PATH']}` };
  return {
    place: { folder, engine: 'lxc', env },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
