/** HAProxy: one thread, connections to the backend kept. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { onPath } from '../find-program.ts';
import type { Peer, Place } from '../peer.ts';

export const haproxy: Peer = {
  name: 'haproxy',
  locate: () => onPath('haproxy'),
  remedy: 'sudo apt-get install --no-install-recommends haproxy',
  debianPackage: 'haproxy',
  accessLog: 'option httplog to standard output, which is a file: a write per request',
  async prepare(file, place) {
    const config = path.join(place.folder, 'haproxy.cfg');
    await writeFile(config, configuration(place));
    const program = { file, args: ['-db', '-f', config] };
    return place.accessLog === undefined ? program : { ...program, outputFile: place.accessLog };
  },
};

function configuration(place: Place): string {
  const { address, backends, accessLog, connectTimeoutSeconds, backTimeoutSeconds } = place;
  return `
global
    nbthread 1
    no strict-limits
    maxconn 12000
    ${accessLog === undefined ? '' : 'log stdout format raw local0 info'}
defaults
    mode http
    ${accessLog === undefined ? '' : 'log global\n    option httplog'}
    option redispatch 1
    timeout connect ${connectTimeoutSeconds}s
    timeout client 60s
    timeout server ${backTimeoutSeconds}s
    timeout http-request 10s
    option forwardfor
    http-reuse always
frontend bench
    bind ${address}
    default_backend bench
backend bench
${backends.map((backend, index) => `    server backend${index + 1} ${backend}`).join('\n')}
`;
}
