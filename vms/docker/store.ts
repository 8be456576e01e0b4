/**
 * Data folders of the kit's own engines. Each holds the imported image, which stays, and serves
 * one engine at a time; rooms that live side by side take one each:
 *
 *     <stores>/store-1/data         what dockerd keeps
 *     <stores>/store-1/owner.json   the room that has it now
 */
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { findMarked } from '../programs/marked-processes.ts';
import { identify, isAlive, type ProcessIdentity } from '../programs/process-identity.ts';

export interface Store {
  readonly folder: string;
  readonly data: string;
}

interface Owner {
  readonly room: string;
  /** Its hub; at its end, whoever ends it. */
  readonly keeper: ProcessIdentity;
}

/** Begins the names of what is about to be deleted. */
const ASIDE = 'gone-';

/** More than there are instances: killed runs may hold some until they are swept. */
const MOST_STORES = 100;

/** The first store that nobody has, those that exist before new ones. */
export function takeStore(stores: string, room: string, keeper: ProcessIdentity): Store {
  for (let number = 1; number <= MOST_STORES; number += 1) {
    const store = storeIn(stores, `store-${number}`);
    if (take(store, { room, keeper })) return store;
  }
  throw new Error(`All ${MOST_STORES} folders in ${stores} are in use.`);
}

function take(store: Store, owner: Owner): boolean {
  mkdirSync(store.folder, { recursive: true });
  const found = ownerOf(store);
  if (found !== undefined && (isKept(found) || !clearAway(store))) return false;
  const draft = draftOf(store, owner);
  try {
    linkSync(draft, ownerFile(store));
  } catch {
    return false; // another room was quicker
  } finally {
    rmSync(draft, { force: true });
  }
  removeAside(store);
  return true;
}

/** An engine may outlive its hub, and uses the data as long as it lives. */
function isKept({ keeper, room }: Partial<Owner>): boolean {
  return isAlive(keeper) || (room !== undefined && findMarked(room).length > 0);
}

/** The engine of its last owner was killed: what it kept may be half written, and is not trusted. */
function clearAway(store: Store): boolean {
  try {
    renameSync(ownerFile(store), path.join(store.folder, `${ASIDE}owner-${process.pid}`));
  } catch {
    return false; // another room does it
  }
  putAside(store);
  return true;
}

/** At once, for the next engine; to delete it takes a while. */
function putAside(store: Store): void {
  try {
    renameSync(store.data, path.join(store.folder, `${ASIDE}data-${process.pid}-${Date.now()}`));
  } catch {
    // no engine has begun to use it
  }
}

function removeAside(store: Store): void {
  for (const entry of list(store.folder).filter(name => name.startsWith(ASIDE))) {
    rmSync(path.join(store.folder, entry), { recursive: true, force: true });
  }
}

/** The store that a room has, however it ended. */
export function storeOf(stores: string, room: string): Store | undefined {
  return list(stores)
    .map(name => storeIn(stores, name))
    .find(store => ownerOf(store)?.room === room);
}

/** The same, kept by this process from now on: whoever ends the room's engine calls this before. */
export function keepStore(stores: string, room: string): Store | undefined {
  const store = storeOf(stores, room);
  const keeper = identify(process.pid);
  if (store === undefined || keeper === undefined) return store;
  renameSync(draftOf(store, { room, keeper }), ownerFile(store));
  return store;
}

/** To be called when no engine uses it any more. `clean`: its engine ended in order. */
export function releaseStore(store: Store, clean: boolean): void {
  if (!clean) putAside(store);
  removeAside(store);
  rmSync(ownerFile(store), { force: true });
}

/** A file that is renamed or linked has its content from the first moment on. */
function draftOf(store: Store, owner: Owner): string {
  const draft = path.join(store.folder, `draft-${process.pid}`);
  writeFileSync(draft, JSON.stringify(owner));
  return draft;
}

function storeIn(stores: string, name: string): Store {
  const folder = path.join(stores, name);
  return { folder, data: path.join(folder, 'data') };
}

function ownerFile(store: Store): string {
  return path.join(store.folder, 'owner.json');
}

/** A file that is damaged names nobody who could still have the store. */
function ownerOf(store: Store): Partial<Owner> | undefined {
  try {
    return JSON.parse(readFileSync(ownerFile(store), 'utf8')) as Owner;
  } catch (error) {
    return error instanceof SyntaxError ? {} : undefined;
  }
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
