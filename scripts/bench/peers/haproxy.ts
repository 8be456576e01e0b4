/** HAProxy: one thread, connections to the backend kept. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Peer } from '../peer.ts';

export const haproxy: Peer = {
  name: 'haproxy',
  needs: { program: 'haproxy', debianPackage: 'haproxy' },
  async start({ crew, folder, port, backendPort }) {
    const file = path.join(folder, 'haproxy.cfg');
    await writeFile(
      file,
      `
global
    nbthread 1
    maxconn 4096
defaults
    mode http
    timeout connect 3s
    timeout client 60s
    timeout server 30s
    option forwardfor
    http-reuse always
frontend bench
    bind 127.0.0.1:${port}
    default_backend bench
backend bench
    server backend 127.0.0.1:${backendPort}
`,
    );
    return crew.start('haproxy', 'haproxy', ['-db', '-f', file]);
  },
};
