/** A listening socket that came from another process: only such a one can pause its accepting. */
import { fork } from 'node:child_process';
import path from 'node:path';

const program = path.resolve(import.meta.dirname, 'socket-giver.js');

export interface SharedSocket {
  readonly handle: object;
  readonly port: number;
}

export function sharedSocket(): Promise<SharedSocket> {
  return new Promise((resolve, reject) => {
    const giver = fork(program);
    giver.once('error', reject);
    giver.once('message', (address, handle) => {
      if (typeof handle !== 'object' || handle === null) reject(new Error('no socket came along'));
      else resolve({ handle, port: Number(String(address).split(':').at(-1)) });
    });
  });
}
