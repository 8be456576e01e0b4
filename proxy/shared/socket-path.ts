/**
 * The path of a local socket. On Unix it is a file. Windows has pipes instead, which lie in no
 * folder: there the path stands for a pipe that is named after it, so that config files and
 * command lines are the same on every system.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { HERE, type Platform } from './platform.ts';

/** What node:net listens on and connects to for this path. */
export function socketEndpoint(socketPath: string, platform: Platform = HERE): string {
  if (platform !== 'win32' || isPipe(socketPath)) return socketPath;
  // The file system does not tell capitals from small letters: two spellings are one path.
  const whole = path.win32.resolve(socketPath).toLowerCase();
  const digest = createHash('sha256').update(whole).digest('hex').slice(0, 32);
  return `\\\\.\\pipe\\relais-${digest}`;
}

/** The kernel's own limit in bytes, without the byte that ends the text (unix(7), unix(4)). */
export function socketPathBytes(platform: Platform = HERE): number {
  const limits = { linux: 107, darwin: 103, win32: Number.POSITIVE_INFINITY };
  return limits[platform];
}

function isPipe(text: string): boolean {
  return /^\\\\[.?]\\pipe\\/i.test(text);
}
