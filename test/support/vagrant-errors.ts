/** Errors of Vagrant in their own words: from its locale files, or as users met them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface VagrantErrorText {
  /** As in vms/vagrant/known-errors.ts. */
  readonly kind: string;
  readonly text: string;
  /** The program whose locale file has it under `key`; its values are filled in. */
  readonly locale?: 'vagrant' | 'vagrant-libvirt' | 'vagrant-lxc';
  readonly key?: string;
  /** Where it was met. */
  readonly seen?: string;
}

const file = path.resolve(import.meta.dirname, '../../../test/fixtures/vagrant/errors.json');

export const VAGRANT_ERRORS: readonly VagrantErrorText[] = JSON.parse(readFileSync(file, 'utf8'));
