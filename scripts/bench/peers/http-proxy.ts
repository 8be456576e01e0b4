/** http-proxy, the usual proxy of the npm world, in a process of its own. */
import path from 'node:path';
import type { Peer } from '../peer.ts';

export const httpProxy: Peer = {
  name: 'http-proxy',
  locate: () => Promise.resolve(process.execPath),
  remedy: 'npm ci',
  accessLog: 'none: it has no access log of its own',
  prepare: (file, { address, backends }) => {
    const program = path.join(import.meta.dirname, 'http-proxy-server.js');
    return Promise.resolve({ file, args: [program, address, ...backends] });
  },
};
