/** Where a machine of the lab is when it is only a process on this system. */
import type { MachineSpec } from '../machine.ts';

/**
 * 192.168.56.21 becomes 127.56.0.21: all of 127.0.0.0/8 answers on Linux. macOS answers only on
 * 127.0.0.1, where a machine is its forwarded port.
 */
export function loopbackAddress(ip: string): string {
  const [, , third, host] = ip.split('.');
  return `127.${third}.0.${host}`;
}

export function hasLoopbackNetwork(platform: NodeJS.Platform = process.platform): boolean {
  return platform === 'linux';
}

export function machineAddress(
  { ip, port }: MachineSpec,
  forwardedPort: number,
): { readonly host: string; readonly port: number } {
  if (hasLoopbackNetwork()) return { host: loopbackAddress(ip), port };
  return { host: '127.0.0.1', port: forwardedPort };
}
