/** The namespace of one machine, made inside the hub's. */
import { inside, type Rights, sleepAs, unshareNetwork } from '../hub-network/namespace.ts';
import type { ProcessIdentity } from '../programs/process-identity.ts';

export function unshareMachine(
  hub: ProcessIdentity,
  rights: Rights,
  name: string,
): readonly string[] {
  return inside(hub, rights, unshareNetwork(sleepAs(name)));
}
