/** The fast backend: one nginx process that answers from memory. Also how nginx is started at all. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Crew, CrewMember, Program } from '../crew.ts';

/** More than a word of nginx's configuration may have is served from a file. */
const LONGEST_WORD = 2_048;

/** The body of an answer: `bytes` bytes long, and no run of one letter. */
export function bodyOf(bytes: number): string {
  return `${'Relais '.repeat(Math.ceil(bytes / 7)).slice(0, bytes - 1)}\n`;
}

/** Answers `/SIZE` with so many bytes. */
export async function startNginxBackend(
  crew: Crew,
  folder: string,
  addresses: readonly string[],
  sizes: readonly number[],
): Promise<CrewMember> {
  await mkdir(folder);
  for (const size of sizes) {
    if (size > LONGEST_WORD) await writeFile(path.join(folder, String(size)), bodyOf(size));
  }
  const http = `
    access_log off;
    sendfile on;
    open_file_cache max=100 inactive=1h;
    open_file_cache_valid 1h;
    default_type text/plain;
    server {
      ${addresses.map(address => `listen ${address} backlog=4096;`).join('\n      ')}
      root ${folder};
      ${sizes
        .filter(size => size <= LONGEST_WORD)
        .map(fromMemory)
        .join('\n      ')}
    }`;
  return crew.start('backend', await nginxProgram('nginx', folder, http));
}

function fromMemory(size: number): string {
  return `location = /${size} { return 200 "${bodyOf(size)}"; }`;
}

/** nginx with one worker; `http` is the part of its configuration that says what it does. */
export async function nginxProgram(file: string, folder: string, http: string): Promise<Program> {
  const config = path.join(folder, 'nginx.conf');
  await writeFile(config, nginxConfig(http));
  return { file, args: ['-e', 'stderr', '-p', folder, '-c', config] };
}

function nginxConfig(http: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid nginx.pid;
error_log stderr error;
events { worker_connections 24000; }
http {
    keepalive_timeout 1h;
    keepalive_requests 1000000000;
    tcp_nodelay on;
    ${temporary.map(part => `${part}_temp_path temporary-${part};`).join('\n    ')}
    ${http}
}
`;
}
