/**
 * What a worker has been told and has done, as one number to compare: two that print the same one
 * serve the same configuration. Workers know addresses where the state may have names, so this is
 * not the hash of the state. Of each part a few numbers are kept, not the part.
 */
import { hashText, mix } from '../balancing/hash.ts';
import { frontendKey } from '../command/frontend-identity.ts';
import type { Listener, StateRequest } from '../command/requests.ts';
import { rivalsOf } from './frontend-changes.ts';
import { switched } from './listeners.ts';

/** So many requests are worked on in one turn of the event loop; others get theirs. */
const PER_TURN = 300;
const SECOND_HALF = 0x9e3779b9;

/** A frontend, and what it has in common with those that may match the same request. */
interface FrontendHash {
  readonly hash: number;
  readonly rivals: number;
}

export class ContentDigest {
  /** What comes in is hashed when there is time: a start with many clusters has none. */
  #pending: StateRequest[] = [];
  #done = 0;
  readonly #listeners = new Map<string, Listener>();
  readonly #frontends = new Map<number, FrontendHash>();
  /** Settings, clusters and backends. */
  readonly #parts = new Map<number, number>();
  readonly #known: WeakMap<object, number> | undefined;

  /** `known`: for one who records the same parts again and again. */
  constructor(known?: WeakMap<object, number>) {
    this.#known = known;
  }

  /** Of a request that was carried out. */
  record(request: StateRequest): void {
    this.#pending.push(request);
  }

  /** 16 hexadecimal digits. The order counts only among frontends that may match the same request. */
  async digest(): Promise<string> {
    await this.settle();
    const rivals = new Map<number, number>();
    let low = 0;
    let high = 0;
    const add = (hash: number): void => {
      low = (low + mix(hash)) >>> 0;
      high = (high + mix(hash ^ SECOND_HALF)) >>> 0;
    };
    for (const hash of this.#parts.values()) add(hash);
    for (const [address, listener] of this.#listeners) add(this.#hash(address, listener));
    for (const { hash, rivals: group } of this.#frontends.values()) {
      const place = rivals.get(group) ?? 0;
      rivals.set(group, place + 1);
      add(mix(hash + place));
    }
    return [high, low].map(half => half.toString(16).padStart(8, '0')).join('');
  }

  /** Resolves when everything that was recorded until now is hashed. */
  async settle(): Promise<void> {
    for (let left = this.#pending.length - this.#done; left > 0; left -= PER_TURN) {
      const end = Math.min(this.#pending.length, this.#done + Math.min(left, PER_TURN));
      while (this.#done < end) this.#take(this.#pending[this.#done++] as StateRequest);
      if (left > PER_TURN) await new Promise(setImmediate);
    }
    if (this.#done < this.#pending.length) return;
    this.#pending = [];
    this.#done = 0;
  }

  #take(request: StateRequest): void {
    switch (request.kind) {
      case 'configure':
        this.#put('settings', request.settings);
        break;
      case 'add-listener':
      case 'update-listener':
        this.#listeners.set(request.listener.address, request.listener);
        break;
      case 'remove-listener':
        this.#listeners.delete(request.address);
        break;
      case 'activate-listener':
      case 'deactivate-listener':
        this.#switch(request.address, request.kind === 'activate-listener');
        break;
      case 'add-cluster':
        this.#put(request.cluster.id, request.cluster);
        break;
      case 'remove-cluster':
        this.#parts.delete(keyOf(request.clusterId));
        break;
      case 'add-frontend': {
        const key = frontendKey(request.frontend);
        const rivals = keyOf(rivalsOf(request.frontend));
        this.#frontends.set(keyOf(key), { hash: this.#hash(key, request.frontend), rivals });
        break;
      }
      case 'remove-frontend':
        this.#frontends.delete(keyOf(frontendKey(request.frontend)));
        break;
      case 'add-backend':
        this.#put(placeOf(request.backend), request.backend);
        break;
      case 'remove-backend':
        this.#parts.delete(keyOf(placeOf(request)));
        break;
    }
  }

  #switch(address: string, active: boolean): void {
    const listener = this.#listeners.get(address);
    if (listener !== undefined) this.#listeners.set(address, switched(listener, active));
  }

  #put(name: string, part: object): void {
    this.#parts.set(keyOf(name), this.#hash(name, part));
  }

  #hash(name: string, part: object): number {
    let hash = this.#known?.get(part);
    if (hash === undefined) {
      hash = hashText(JSON.stringify(part));
      this.#known?.set(part, hash);
    }
    return mix(hash ^ hashText(name));
  }
}

/** Ids hold no spaces. */
function placeOf(backend: {
  readonly clusterId: string;
  readonly backendId?: string;
  readonly address: string;
}): string {
  const { clusterId, backendId = '', address } = backend;
  return `${clusterId} ${backendId} ${address}`;
}

/** 52 bits: among a hundred thousand names two alike are a matter of one in a million. */
function keyOf(name: string): number {
  const hash = hashText(name);
  // Behind another beginning the same name hashes to something else altogether.
  return hash * 2 ** 20 + (hashText(`~${name}`) >>> 12);
}
