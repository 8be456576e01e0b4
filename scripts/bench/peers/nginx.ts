/** nginx as a proxy: one worker, connections to the backend kept. */
import { nginxProgram } from '../backends/nginx.ts';
import { onPath } from '../find-program.ts';
import type { Peer, Place } from '../peer.ts';

export const nginx: Peer = {
  name: 'nginx',
  locate: () => onPath('nginx'),
  remedy: 'sudo apt-get install --no-install-recommends nginx-light',
  debianPackage: 'nginx-light',
  accessLog: 'combined format to a file, buffer=64k flush=1s',
  prepare: (file, place) => nginxProgram(file, place.folder, configuration(place)),
};

function configuration(place: Place): string {
  const { address, backends, accessLog, connectTimeoutSeconds, backTimeoutSeconds } = place;
  return `
    access_log ${accessLog === undefined ? 'off' : `${accessLog} combined buffer=64k flush=1s`};
    client_max_body_size 0;
    upstream backend {
      ${backends.map(backend => `server ${backend};`).join('\n      ')}
      keepalive 256;
      keepalive_requests 1000000000;
    }
    server {
      listen ${address} backlog=4096;
      location / {
        proxy_pass http://backend;
        proxy_http_version 1.1;
        proxy_request_buffering off;
        proxy_max_temp_file_size 0;
        proxy_connect_timeout ${connectTimeoutSeconds}s;
        proxy_read_timeout ${backTimeoutSeconds}s;
        proxy_set_header Connection "";
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      }
    }`;
}
