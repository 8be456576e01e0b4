/** The engine that a room uses, opened from the facts in its lease. */
import type { ProcessIdentity } from '../programs/process-identity.ts';

/** What the lease says about it. */
export interface EngineFacts {
  /** As in DOCKER_HOST. */
  readonly host: string;
  /** The name of the imported image. */
  readonly image: string;
  /** Runs in the hub; absent when the engine was there before us. */
  readonly dockerd?: ProcessIdentity;
  /** On the engine's own computer, as on Linux, containers can be reached at their addresses. */
  readonly reachesAddresses: boolean;
}
