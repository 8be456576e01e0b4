/** nginx as a proxy: one worker, connections to the backend kept. */
import { startNginx } from '../backend.ts';
import type { Peer } from '../peer.ts';

export const nginx: Peer = {
  name: 'nginx',
  needs: { program: 'nginx', debianPackage: 'nginx-light' },
  start: ({ crew, folder, port, backendPort }) =>
    startNginx(
      crew,
      'nginx',
      folder,
      `
    upstream backend {
      server 127.0.0.1:${backendPort};
      keepalive 256;
      keepalive_requests 1000000000;
    }
    server {
      listen 127.0.0.1:${port} backlog=4096;
      location / {
        proxy_pass http://backend;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      }
    }`,
    ),
};
