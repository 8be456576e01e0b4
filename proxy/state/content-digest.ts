/**
 * What a worker has been told and has done, as one number to compare: two that print the same one
 * serve the same configuration. Workers know addresses where the state may have names, so this is
 * not the hash of the state.
 */
import { hashText, mix } from '../balancing/hash.ts';
import { frontendKey } from '../command/frontend-identity.ts';
import type { Frontend, Listener, StateRequest } from '../command/requests.ts';
import { rivalsOf } from './frontend-changes.ts';
import { switched } from './listeners.ts';

/** So many parts are hashed in one turn of the event loop; the rest of the process goes on. */
const PARTS_PER_TURN = 500;

const LISTENER = 'listener ';
const FRONTEND = 'frontend ';
const SECOND_HALF = 0x9e3779b9;

/** Parts never change, they are replaced; so each is hashed once. */
const known = new WeakMap<object, number>();

export class ContentDigest {
  readonly #parts = new Map<string, object>();

  /** Of a request that was carried out. */
  record(request: StateRequest): void {
    switch (request.kind) {
      case 'configure':
        this.#put('settings', request.settings);
        break;
      case 'add-listener':
      case 'update-listener':
        this.#put(LISTENER + request.listener.address, request.listener);
        break;
      case 'remove-listener':
        this.#parts.delete(LISTENER + request.address);
        break;
      case 'activate-listener':
      case 'deactivate-listener':
        this.#switch(LISTENER + request.address, request.kind === 'activate-listener');
        break;
      case 'add-cluster':
        this.#put(`cluster ${request.cluster.id}`, request.cluster);
        break;
      case 'remove-cluster':
        this.#parts.delete(`cluster ${request.clusterId}`);
        break;
      case 'add-frontend':
        this.#put(FRONTEND + frontendKey(request.frontend), request.frontend);
        break;
      case 'remove-frontend':
        this.#parts.delete(FRONTEND + frontendKey(request.frontend));
        break;
      case 'add-backend':
        this.#put(backendKey(request.backend), request.backend);
        break;
      case 'remove-backend':
        this.#parts.delete(backendKey(request));
        break;
    }
  }

  /** Hexadecimal digits. The order counts only among frontends that may match the same request. */
  async digest(): Promise<string> {
    const parts = [...this.#parts];
    const rivals = new Map<string, number>();
    let low = 0;
    let high = 0;
    for (const [index, [key, part]] of parts.entries()) {
      if (index % PARTS_PER_TURN === PARTS_PER_TURN - 1) await new Promise(setImmediate);
      const hash = mix(hashOf(part) ^ hashText(key)) + placeOf(key, part, rivals);
      low = (low + mix(hash)) >>> 0;
      high = (high + mix(hash ^ SECOND_HALF)) >>> 0;
    }
    return [high, low].map(half => half.toString(16).padStart(8, '0')).join('');
  }

  #switch(key: string, active: boolean): void {
    const listener = this.#parts.get(key);
    if (listener !== undefined) this.#parts.set(key, switched(listener as Listener, active));
  }

  #put(key: string, part: object): void {
    this.#parts.set(key, part);
  }
}

function backendKey(backend: {
  readonly clusterId: string;
  readonly backendId?: string;
  readonly address: string;
}): string {
  const { clusterId, backendId, address } = backend;
  return `backend ${JSON.stringify([clusterId, backendId, address])}`;
}

function hashOf(part: object): number {
  const found = known.get(part);
  if (found !== undefined) return found;
  const hash = hashText(JSON.stringify(part));
  known.set(part, hash);
  return hash;
}

function placeOf(key: string, part: object, rivals: Map<string, number>): number {
  if (!key.startsWith(FRONTEND)) return 0;
  const group = rivalsOf(part as Frontend);
  const place = rivals.get(group) ?? 0;
  rivals.set(group, place + 1);
  return place;
}
