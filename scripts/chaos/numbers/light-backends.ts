/** Backends that cost next to nothing: nginx when it is there, else a small process of Node. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { nginxProgram } from '../../bench/backends/nginx.ts';
import { onPath } from '../../bench/find-program.ts';
import { freePorts } from '../../bench/ready.ts';
import { Backends } from '../backends/backends.ts';
import type { NumbersRun } from './numbers-run.ts';

const NAMES = ['b0', 'b1'] as const;

export interface LightBackends {
  readonly kind: 'nginx' | 'Node';
  /** Addresses by name; each answers with its name. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly end: () => Promise<void>;
}

export async function startLightBackends({ crew, folder }: NumbersRun): Promise<LightBackends> {
  const file = await onPath('nginx');
  if (file === undefined) return nodeBackends();
  const own = path.join(folder, 'nginx');
  await mkdir(own);
  const ports = await freePorts(NAMES.length);
  const addresses = Object.fromEntries(NAMES.map((name, n) => [name, `127.0.0.1:${ports[n]}`]));
  const servers = Object.entries(addresses).map(
    ([name, address]) =>
      `server { listen ${address} backlog=4096; location / { return 200 "${name} \\n"; } }`,
  );
  const http = `access_log off;\ndefault_type text/plain;\n${servers.join('\n')}`;
  const member = crew.start('nginx', await nginxProgram(file, own, http));
  return { kind: 'nginx', addresses, end: member.end };
}

async function nodeBackends(): Promise<LightBackends> {
  const backends = new Backends(process.env);
  await backends.start();
  const addresses = Object.fromEntries(NAMES.map(name => [name, backends.addressOf(name)]));
  return { kind: 'Node', addresses, end: () => backends.end() };
}
