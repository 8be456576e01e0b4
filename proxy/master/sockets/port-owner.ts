/** Which program listens on a port: the one thing that a person needs to know when it is taken. */
import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { parseAddress } from '../../shared/address.ts';
import { HERE, type Platform } from '../../shared/platform.ts';

const ASK_MS = 5_000;

/** ` by nginx (pid 123)`, or nothing when it cannot be found out (another user's process). */
export async function describePortOwner(text: string): Promise<string> {
  const address = parseAddress(text);
  if (!address.ok) return '';
  const { ip, port } = address.value;
  try {
    const find = HERE === 'linux' ? ownerFromProc : ownerFromSystemTool;
    const pid = await find(ip, port);
    return pid === undefined ? '' : ` by ${await processName(pid)} (pid ${pid})`;
  } catch {
    return '';
  }
}

/** Linux says it in files; the tool `ss` that would say it too is missing on small systems. */
async function ownerFromProc(ip: string, port: number): Promise<number | undefined> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map(name => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  const inodes = tables.flatMap(table => listeningInodes(table, ip, port));
  const links = new Set(inodes.map(inode => `socket:[${inode}]`));
  for (const pid of (await readdir('/proc')).filter(name => /^\d+$/.test(name))) {
    const fds = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const fd of fds) {
      const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '');
      if (links.has(target)) return Number(pid);
    }
  }
  return undefined;
}

/** Columns (proc_net_tcp(5)): slot, local address, remote address, state, …; the tenth is the inode. */
function listeningInodes(table: string, ip: string, port: number): string[] {
  const listening = '0A';
  const wantedPort = port.toString(16).toUpperCase().padStart(4, '0');
  return table.split('\n').flatMap(line => {
    const columns = line.trim().split(/\s+/);
    const [localIp = '', localPort] = columns[1]?.split(':') ?? [];
    if (columns[3] !== listening || localPort !== wantedPort) return [];
    const isMine = /^0+$/.test(localIp) || localIp.length === 32 || localIp === hexOf(ip);
    return isMine ? (columns[9] ?? []) : [];
  });
}

/** `127.0.0.1` stands there as `0100007F`. */
function hexOf(ipv4: string): string {
  const bytes = ipv4.split('.').map(octet => Number(octet).toString(16).padStart(2, '0'));
  return bytes.reverse().join('').toUpperCase();
}

async function ownerFromSystemTool(ip: string, port: number): Promise<number | undefined> {
  // Loaded here: it is large, and every command line would wait for it.
  const { portBindings } = await import('pid-port');
  const bindings = await portBindings(port, { host: '*' });
  const wanted = new Set([ip, '0.0.0.0', '::', '*']);
  return (bindings.find(each => wanted.has(each.host)) ?? bindings[0])?.pid;
}

const UNNAMED = 'a process';

async function processName(pid: number): Promise<string> {
  try {
    if (HERE === 'linux') return (await readFile(`/proc/${pid}/comm`, 'utf8')).trim();
    const [program, ...words] = nameQuestion(pid, HERE);
    const { stdout } = await promisify(execFile)(program, words, { timeout: ASK_MS });
    return nameAnswer(stdout, HERE);
  } catch {
    return UNNAMED;
  }
}

/** The command line that says the name of a process where no file does. */
export function nameQuestion(pid: number, platform: Platform): readonly [string, ...string[]] {
  if (platform !== 'win32') return ['ps', '-o', 'comm=', '-p', String(pid)];
  return ['tasklist', '/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'];
}

/** Of `tasklist` the first field in quotes; of `ps` the last part of the path. */
export function nameAnswer(text: string, platform: Platform): string {
  const [, quoted] = /^"([^"]+)"/.exec(text.trim()) ?? [];
  const name = platform === 'win32' ? quoted : path.posix.basename(text.trim());
  return name || UNNAMED;
}
