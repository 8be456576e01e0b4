/** The fast backend: one nginx process that answers every request from memory. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Crew, CrewMember } from './crew.ts';

/** A kilobyte, as a small page or JSON document is. */
export const BACKEND_BODY: string = `${'Relais '.repeat(146)}!\n`;

export async function startBackend(crew: Crew, folder: string, port: number): Promise<CrewMember> {
  const http = `
    server {
      listen 127.0.0.1:${port} backlog=4096;
      location / { default_type text/plain; return 200 "${BACKEND_BODY}"; }
    }`;
  return startNginx(crew, 'backend', folder, http);
}

/** nginx with one worker; `http` is the part of its configuration that says what it does. */
export async function startNginx(
  crew: Crew,
  name: string,
  folder: string,
  http: string,
): Promise<CrewMember> {
  const place = path.join(folder, name);
  await mkdir(place);
  const file = path.join(place, 'nginx.conf');
  await writeFile(file, nginxConfig(http));
  return crew.start(name, 'nginx', ['-e', 'stderr', '-p', place, '-c', file]);
}

function nginxConfig(http: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid nginx.pid;
error_log stderr error;
events { worker_connections 4096; }
http {
    access_log off;
    keepalive_timeout 1h;
    keepalive_requests 1000000000;
    tcp_nodelay on;
    ${temporary.map(part => `${part}_temp_path temporary-${part};`).join('\n    ')}
    ${http}
}
`;
}
