/** @fastify/http-proxy, the proxy of the Fastify world, in a process of its own. */
import path from 'node:path';
import type { Peer } from '../peer.ts';

export const fastifyHttpProxy: Peer = {
  name: '@fastify/http-proxy',
  locate: () => Promise.resolve(process.execPath),
  remedy: 'npm ci',
  accessLog: 'none: its logger is off by default',
  prepare: (file, { address, backends }) => {
    const program = path.join(import.meta.dirname, 'fastify-http-proxy-server.js');
    return Promise.resolve({ file, args: [program, address, ...backends] });
  },
};
