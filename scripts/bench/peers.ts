/** Every proxy that the bench knows, Relais first. */
import type { Peer } from './peer.ts';
import { fastifyHttpProxy } from './peers/fastify-http-proxy.ts';
import { haproxy } from './peers/haproxy.ts';
import { httpProxy } from './peers/http-proxy.ts';
import { nginx } from './peers/nginx.ts';
import { relais } from './peers/relais.ts';
import { sozu } from './peers/sozu.ts';

export const allPeers: readonly Peer[] = [
  relais,
  haproxy,
  nginx,
  sozu,
  httpProxy,
  fastifyHttpProxy,
];
/** Those that machines are bought for. */
export const fastPeers: readonly Peer[] = [relais, haproxy, nginx, sozu];
/** Those whose failures and memory are worth comparing. */
export const classicPeers: readonly Peer[] = [relais, haproxy, nginx];
