/** Reads /proc/PID/net: who listens in a namespace can be told from outside of it. */
import { readFileSync } from 'node:fs';

const LISTEN = '0A';

/**
 * In the network of this process, on this IPv4 address or on all; false when the process is gone.
 * The table takes the kernel milliseconds, however empty it is; how many sockets there are, none.
 */
export function isListeningIn(pid: number, ip: string, port: number): boolean {
  try {
    if (!hasSockets(readFileSync(`/proc/${pid}/net/sockstat`, 'utf8'))) return false;
    return listensOn(readFileSync(`/proc/${pid}/net/tcp`, 'utf8'), ip, port);
  } catch {
    return false;
  }
}

/** `sockstat`: as /proc/net/sockstat prints it, proc(5). True when it does not tell. */
export function hasSockets(sockstat: string): boolean {
  return /^TCP: inuse (\d+)/m.exec(sockstat)?.[1] !== '0';
}

/** Does the table hold a listener on this IPv4 address, or on all addresses, and port? */
export function listensOn(table: string, ip: string, port: number): boolean {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const wanted = [`${littleEndian(ip)}:${hexPort}`, `00000000:${hexPort}`];
  return table.split('\n').some(line => {
    const [, local = '', , state] = line.trim().split(/\s+/);
    return state === LISTEN && wanted.includes(local);
  });
}

/** 192.168.56.21 → 1538A8C0, as a little-endian kernel prints it. */
function littleEndian(ip: string): string {
  const bytes = ip.split('.').map(octet => Number(octet).toString(16).padStart(2, '0'));
  return bytes.reverse().join('').toUpperCase();
}
