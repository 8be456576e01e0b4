/** Which engine Vagrant shall drive here, and why one cannot be. */
import { readdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { kitVagrantHome } from '../box/folders.ts';
import { missingTools, missingToolsMessage } from '../debian-packages.ts';
import { HERE } from '../platform.ts';
import { runCommand } from '../programs/command.ts';
import { hasProgram } from '../programs/locate.ts';
import { type Box, DEFAULT_BOXES } from './engines.ts';
import { probeKvm } from './kvm.ts';

/** Those that the kit drives; Vagrant may have more. */
export const DRIVEN_ENGINES = ['virtualbox', 'libvirt', 'lxc'] as const;
export type DrivenEngine = (typeof DRIVEN_ENGINES)[number];

export type EngineReadiness =
  | { readonly ready: true; readonly engine: DrivenEngine; readonly note?: string }
  | { readonly ready: false; readonly reason: string; readonly fix: string };

export function vagrantHome(): string {
  // biome-ignore lint/style/noProcessEnv: where the user keeps boxes
  return kitVagrantHome(process.env, os.homedir());
}

export function isDrivenEngine(name: string): name is DrivenEngine {
  return (DRIVEN_ENGINES as readonly string[]).includes(name);
}

/** VirtualBox first, as most have it; emulated machines last, for they take a minute to boot. */
export async function bestEngine(box?: Box): Promise<EngineReadiness> {
  const kvm = await probeKvm();
  const order: readonly DrivenEngine[] = kvm.works
    ? ['virtualbox', 'libvirt', 'lxc']
    : ['virtualbox', 'lxc', 'libvirt'];
  const refused: string[] = [];
  for (const engine of order) {
    const readiness = await probeEngine(engine, box);
    if (readiness.ready) return readiness;
    refused.push(`${engine}: ${readiness.reason}`);
  }
  return {
    ready: false,
    reason: `Vagrant can drive nothing here (${refused.join('; ')})`,
    fix: 'Install VirtualBox and Vagrant, or as root on Debian: npm run test:vagrant -- --prepare.',
  };
}

export async function probeEngine(engine: DrivenEngine, box?: Box): Promise<EngineReadiness> {
  if (!(await hasProgram('vagrant'))) {
    return {
      ready: false,
      reason: 'vagrant is not installed',
      fix: 'On Debian and Ubuntu: apt-get install vagrant; elsewhere: its installer.',
    };
  }
  const hindrance =
    engine === 'virtualbox' ? await probeVirtualBox() : await probeHubEngine(engine);
  if (hindrance !== undefined) return { ready: false, ...hindrance };
  const wanted = box ?? DEFAULT_BOXES[engine];
  if (!(await hasBox(wanted.name, engine))) {
    return {
      ready: false,
      reason: `the box ${wanted.name} for ${engine} is not here`,
      fix:
        wanted.name === DEFAULT_BOXES.lxc.name
          ? `Build it and add it: npm run box:build -- ${engine}, then npm run box:add -- ${engine}.`
          : `Add it before class: VAGRANT_HOME=${vagrantHome()} vagrant box add --provider ${engine} ${wanted.name}.`,
    };
  }
  return { ready: true, engine, note: await noteOn(engine) };
}

type Hindrance = { readonly reason: string; readonly fix: string };

async function probeVirtualBox(): Promise<Hindrance | undefined> {
  const answer = await runCommand(['VBoxManage', '--version']).catch(() => undefined);
  const fix =
    'Install VirtualBox 7 from virtualbox.org, or take --engine lxc or libvirt as root on Linux.';
  if (answer?.exitCode === 0) return undefined;
  return {
    reason: answer === undefined ? 'VBoxManage is not here' : 'VBoxManage does not work',
    fix,
  };
}

async function probeHubEngine(engine: 'libvirt' | 'lxc'): Promise<Hindrance | undefined> {
  if (HERE !== 'linux') {
    return { reason: `${engine} exists only on Linux`, fix: 'Take --engine virtualbox.' };
  }
  if (process.geteuid?.() !== 0) {
    return {
      reason: `${engine} machines get a network of their own, which takes root`,
      fix: 'Start it again with sudo, or take --engine virtualbox.',
    };
  }
  const missing = await missingTools(engine);
  if (missing.length === 0) return undefined;
  return {
    reason: `of what ${engine} needs, ${missing.map(tool => tool.command).join(', ')} is missing`,
    fix: missingToolsMessage(missing),
  };
}

/** Vagrant 2.4 puts a folder for the processor between version and engine. */
async function hasBox(name: string, engine: DrivenEngine): Promise<boolean> {
  const folder = path.join(vagrantHome(), 'boxes', name.replaceAll('/', '-VAGRANTSLASH-'));
  for (const version of await names(folder)) {
    for (const inner of await names(path.join(folder, version))) {
      if (inner === engine) return true;
      if ((await names(path.join(folder, version, inner))).includes(engine)) return true;
    }
  }
  return false;
}

async function names(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}

async function noteOn(engine: DrivenEngine): Promise<string> {
  if (engine !== 'libvirt') return engine;
  const kvm = await probeKvm();
  return kvm.works ? 'libvirt with KVM' : `libvirt, emulated: ${kvm.reason}`;
}
