/** Relais as anybody starts it: its command line and a configuration file. One worker. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Peer, Place } from '../peer.ts';

const program = path.resolve(import.meta.dirname, '../../../bin/relais.js');

export const relais: Peer = {
  name: 'relais',
  locate: () => Promise.resolve(process.execPath),
  remedy: 'npm run build',
  accessLog: 'JSON lines to a file, in batches',
  async prepare(file, place) {
    const config = path.join(place.folder, 'relais.toml');
    const clusters = [cluster('bench', place.host, place)];
    for (let n = 1; n <= place.moreClusters; n++) {
      clusters.push(cluster(`bench-${n}`, `${n}.${place.host}`, place));
    }
    await writeFile(config, `${head(place)}\n${clusters.join('\n')}`);
    return { file, args: [program, 'start', '-c', config] };
  },
};

function head({ address, accessLog, connectTimeoutSeconds, backTimeoutSeconds }: Place): string {
  return `
command_socket = "./relais.sock"
worker_count = 1
${accessLog === undefined ? '' : `access_logs_target = "file://${accessLog}"`}
max_connections = 20000
connect_timeout = ${connectTimeoutSeconds}
back_timeout = ${backTimeoutSeconds}

[[listeners]]
protocol = "http"
address = "${address}"
`;
}

function cluster(id: string, hostname: string, { address, backends }: Place): string {
  return `
[clusters.${id}]
protocol = "http"
frontends = [{ address = "${address}", hostname = "${hostname}" }]
backends = [${backends.map(backend => `{ address = "${backend}" }`).join(', ')}]
`;
}
