/** Reads /proc/PID/net/tcp: who listens in a namespace can be told from outside of it. */

const LISTEN = '0A';

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
