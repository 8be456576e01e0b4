/** Folders as those of a lab, for the real Vagrant; VirtualBox is a program that tells its version. */
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { addressPlan, type MachineName } from '../../vms/address-plan.ts';
import type { MachineSpec } from '../../vms/machine.ts';
import { mustRun } from '../../vms/programs/command.ts';
import { environment, type VagrantPlace } from '../../vms/vagrant/command-line.ts';
import type { EngineName } from '../../vms/vagrant/engines.ts';
import { type MachineList, writeMachineList } from '../../vms/vagrant/machine-list.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const vagrantfile = path.join(root, 'vms/Vagrantfile');

/** The real plug-in asks VBoxManage for its version and for nothing else until a machine starts. */
const VBOXMANAGE = `#!/bin/sh
echo "$*" >> "$(dirname "$0")/VBoxManage.asked"
[ "$1" = --version ] || exit 1
echo 7.0.10r158379
`;

export interface VagrantFolder {
  readonly place: VagrantPlace;
  /** What VBoxManage was asked for, in order. */
  askedOfVirtualBox(): readonly string[];
  /** What Vagrant makes of the Vagrantfile, see test/fixtures/vagrant/facts.rb. */
  facts(): Promise<Readonly<Record<string, MachineFacts>>>;
  remove(): void;
}

export interface MachineFacts {
  readonly box: string;
  readonly version: string | null;
  readonly update: boolean;
  readonly guest: string;
  readonly sshForwarded: boolean;
  readonly networks: readonly [string, Readonly<Record<string, unknown>>][];
  readonly folders: readonly string[];
  readonly insertKey: boolean;
  readonly engine: Readonly<Record<string, unknown>>;
  readonly provisioners: readonly Readonly<Record<string, unknown>>[];
}

export interface VagrantFolderOptions {
  /** Default: none, and the Vagrantfile where it stands in the project. */
  readonly list?: MachineList;
  readonly change?: (vagrantfile: string) => string;
}

export function vagrantFolder(
  engine: EngineName,
  { list, change = text => text }: VagrantFolderOptions = {},
): VagrantFolder {
  const made = mkdtempSync(path.join(tmpdir(), 'vagrant-folder-'));
  const stub = path.join(made, 'VBoxManage');
  writeFileSync(stub, VBOXMANAGE);
  chmodSync(stub, 0o755);
  if (list === undefined) copyFileSync(vagrantfile, path.join(made, 'Vagrantfile'));
  else writeMachineList(made, list);
  writeFileSync(path.join(made, 'Vagrantfile'), change(readFileSync(vagrantfile, 'utf8')));
  const place: VagrantPlace = {
    folder: list === undefined ? path.dirname(vagrantfile) : made,
    engine,
    home: path.join(made, 'home'),
    dotfiles: path.join(made, 'dotfiles'),
    env: { PATH: `${made}:${process.env['PATH']}` },
  };
  return {
    place,
    askedOfVirtualBox: () => lines(path.join(made, 'VBoxManage.asked')),
    facts: async () => {
      const probe = path.join(root, 'test/fixtures/vagrant/facts.rb');
      const env = environment(place);
      return JSON.parse(await mustRun(['ruby', probe], { env }));
    },
    remove: () => rmSync(made, { recursive: true, force: true }),
  };
}

function lines(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').trim().split('\n');
  } catch {
    return [];
  }
}

/** Machines of the plan with the app that `npm run build` makes. */
export function plannedSpecs(names: readonly MachineName[], instance = 0): MachineSpec[] {
  const { machines } = addressPlan(instance);
  const app = { file: path.join(root, 'dist/hello-earth.cjs'), version: 'v1' };
  return names.map(name => ({ name, ...machines[name], app }));
}
