/** What is special about computers with other systems. */
import type { MacFacts, WindowsFacts } from '../facts.ts';
import type { System } from '../system.ts';

export async function gatherMac(system: System): Promise<MacFacts | undefined> {
  if (system.platform !== 'darwin') return undefined;
  const translated = await system.run(['sysctl', '-n', 'sysctl.proc_translated']);
  return {
    manyAddresses: await system.canListen('127.0.0.2', 0),
    nodeIsTranslated: translated?.stdout.trim() === '1',
  };
}

/** Asked in words that Windows says the same in every language. */
export async function gatherWindows(system: System): Promise<WindowsFacts | undefined> {
  if (system.platform !== 'win32') return undefined;
  const [computer, integrity, wsl] = await Promise.all([
    system.run(powershell('(Get-CimInstance Win32_ComputerSystem).HypervisorPresent')),
    system.run(['reg', 'query', MEMORY_INTEGRITY, '/v', 'Enabled']),
    system.run(['wsl', '--status']),
  ]);
  return {
    hypervisor: truth(computer?.stdout),
    memoryIntegrity: integrity && /REG_DWORD\s+0x1\b/.test(integrity.stdout),
    wslInstalled: wsl?.exitCode === 0,
  };
}

const MEMORY_INTEGRITY =
  'HKLM\\SYSTEM\\CurrentControlSet\\Control\\DeviceGuard\\Scenarios\\HypervisorEnforcedCodeIntegrity';

function powershell(line: string): readonly string[] {
  return ['powershell', '-NoProfile', '-NonInteractive', '-Command', line];
}

function truth(said: string | undefined): boolean | undefined {
  const word = said?.trim();
  return word === 'True' ? true : word === 'False' ? false : undefined;
}
