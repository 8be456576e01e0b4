/** Relais as anybody starts it: its command line and a configuration file. One worker. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Peer } from '../peer.ts';

const program = path.resolve(import.meta.dirname, '../../../proxy/main.js');

export const relais: Peer = {
  name: 'relais',
  needs: undefined,
  async start({ crew, folder, port, backendPort, host }) {
    const file = path.join(folder, 'relais.toml');
    await writeFile(
      file,
      `
command_socket = "./relais.sock"
worker_count = 1

[[listeners]]
protocol = "http"
address = "127.0.0.1:${port}"

[clusters.bench]
protocol = "http"
frontends = [{ address = "127.0.0.1:${port}", hostname = "${host}" }]
backends = [{ address = "127.0.0.1:${backendPort}" }]
`,
    );
    return crew.start('relais', process.execPath, [program, 'start', '-c', file]);
  },
};
