/** http-proxy, the usual proxy of the npm world, in a process of its own. */
import path from 'node:path';
import type { Peer } from '../peer.ts';

export const httpProxy: Peer = {
  name: 'http-proxy',
  needs: undefined,
  async start({ crew, port, backendPort }) {
    const file = path.join(import.meta.dirname, 'http-proxy-server.js');
    return crew.start('http-proxy', process.execPath, [file, String(port), String(backendPort)]);
  },
};
