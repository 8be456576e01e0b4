/** Sōzu, built from its crate beforehand: building takes minutes and has no place in a bench. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { onPath } from '../find-program.ts';
import type { Peer, Place } from '../peer.ts';

const ROOT = path.join(homedir(), '.cache/relais/sozu');

export const sozu: Peer = {
  name: 'sozu',
  locate: async () => {
    const built = path.join(ROOT, 'bin/sozu');
    return existsSync(built) ? built : onPath('sozu');
  },
  remedy: `cargo install sozu --root ${ROOT}  (needs Rust and some minutes)`,
  accessLog: 'its ASCII format to a file',
  async prepare(file, place) {
    const config = path.join(place.folder, 'sozu.toml');
    await writeFile(config, configuration(place));
    return { file, args: ['start', '-c', config] };
  },
};

function configuration(place: Place): string {
  const { folder, address, backends, host, accessLog } = place;
  return `
command_socket = "${folder}/sozu.sock"
worker_count = 1
worker_automatic_restart = false
log_level = "info"
log_target = "file://${folder}/sozu.log"
${accessLog === undefined ? '' : `access_logs_target = "file://${accessLog}"`}
max_connections = 5000
max_buffers = 10000
connect_timeout = ${place.connectTimeoutSeconds}
back_timeout = ${place.backTimeoutSeconds}

[[listeners]]
protocol = "http"
address = "${address}"

[clusters.bench]
protocol = "http"
frontends = [{ address = "${address}", hostname = "${host}" }]
backends = [${backends.map(backend => `{ address = "${backend}" }`).join(', ')}]
`;
}
