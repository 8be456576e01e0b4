/**
 * `--online`: would downloads work? Asked are only the places that the user's own npm and apt are
 * set up for, and by these programs themselves, so that their proxies and certificates count.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { OnlineFact } from '../facts.ts';
import type { System } from '../system.ts';

const APT_HELPER = '/usr/lib/apt/apt-helper';

export async function tryDownloads(system: System): Promise<readonly OnlineFact[]> {
  return (await Promise.all([tryNpm(system), tryApt(system)])).flat();
}

async function tryNpm(system: System): Promise<readonly OnlineFact[]> {
  const npm = system.platform === 'win32' ? 'npm.cmd' : 'npm';
  if (system.program('npm') === undefined) return [];
  const configured = await system.run([npm, 'config', 'get', 'registry']);
  const host = hostOf(configured?.stdout ?? '');
  if (host === undefined) return [];
  const answer = await system.run([npm, 'ping']);
  return [{ use: 'npm', host, ...problemOf(answer) }];
}

async function tryApt(system: System): Promise<readonly OnlineFact[]> {
  if (system.program('apt-get') === undefined || !system.exists(APT_HELPER)) return [];
  const listed = await system.run(['apt-get', 'update', '--print-uris']);
  const addresses = [...(listed?.stdout ?? '').matchAll(/^'([^']+)'/gm)].map(([, one = '']) => one);
  const byHost = new Map<string, string>();
  for (const address of addresses) {
    const host = hostOf(address);
    if (host !== undefined && !byHost.has(host)) byHost.set(host, address);
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'relais-doctor-'));
  try {
    const asked = [...byHost].map(async ([host, address]): Promise<OnlineFact> => {
      const file = path.join(folder, encodeURIComponent(host));
      const answer = await system.run([APT_HELPER, 'download-file', address, file]);
      return { use: 'apt', host, ...problemOf(answer) };
    });
    return await Promise.all(asked);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Only the host: an address may hold a password. */
function hostOf(address: string): string | undefined {
  try {
    return new URL(address.trim()).host || undefined;
  } catch {
    return undefined;
  }
}

function problemOf(answer: Awaited<ReturnType<System['run']>>): { readonly problem?: string } {
  if (answer === undefined) return { problem: 'no answer' };
  if (answer.exitCode === 0) return {};
  const lines = `${answer.stdout}\n${answer.stderr}`.split('\n');
  const told = lines.find(line => /^(npm (error|ERR!)|E:|Err:)/.test(line) && !/code/.test(line));
  return { problem: (told ?? `exit code ${answer.exitCode}`).replace(/\/\/[^\s/@]+@/g, '//') };
}
