/** Does KVM run ordinary systems here? That /dev/kvm can be opened does not tell. */
import { constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { access } from 'node:fs/promises';

export type KvmFinding =
  | { readonly works: true }
  | { readonly works: false; readonly reason: string };

export async function probeKvm(): Promise<KvmFinding> {
  return judgeKvm({
    cpuInfo: read('/proc/cpuinfo'),
    arch: process.arch,
    device: await access('/dev/kvm', constants.R_OK | constants.W_OK).then(
      () => true,
      () => false,
    ),
    modules: existsSync('/sys/module') ? readdirSync('/sys/module') : [],
  });
}

export interface KvmFacts {
  readonly cpuInfo: string;
  readonly arch: NodeJS.Architecture;
  /** May this user open /dev/kvm? */
  readonly device: boolean;
  /** Of the kernel, by name. */
  readonly modules: readonly string[];
}

/** Pure. */
export function judgeKvm({ cpuInfo, arch, device, modules }: KvmFacts): KvmFinding {
  if (!device) return { works: false, reason: '/dev/kvm is missing or not for this user' };
  if (modules.includes('kvm_pvm')) {
    return { works: false, reason: 'KVM is PVM here, in which a stock kernel does not boot' };
  }
  // arm64 tells of no such flag.
  if (arch !== 'x64' || /^flags\s*:.*\b(vmx|svm)\b/m.test(cpuInfo)) return { works: true };
  return { works: false, reason: 'the processor offers no virtualisation (vmx or svm)' };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
