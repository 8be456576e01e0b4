/** Does anybody accept connections there? */
import net from 'node:net';
import type { Endpoint } from './detached-program.ts';

const WITHIN_MS = 1_000;

export function answersAt(address: Endpoint): Promise<boolean> {
  return new Promise(resolve => {
    const socket = net.connect(address);
    const settle = (listens: boolean) => {
      socket.destroy();
      resolve(listens);
    };
    socket.on('connect', () => settle(true));
    socket.on('error', () => settle(false));
    socket.setTimeout(WITHIN_MS, () => settle(false));
  });
}
