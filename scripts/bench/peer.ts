/** A peer of the bench: a proxy that can be started in front of the backend. */
import type { Crew, CrewMember } from './crew.ts';

/** What a peer is told: where to listen, where to send, and a folder for its files. */
export interface Place {
  readonly crew: Crew;
  readonly folder: string;
  readonly port: number;
  readonly backendPort: number;
  /** The Host that every request carries. */
  readonly host: string;
}

export interface Peer {
  readonly name: string;
  /** What must be there to run it, as programs on the PATH; and the Debian package that has them. */
  readonly needs: { readonly program: string; readonly debianPackage: string } | undefined;
  start(place: Place): Promise<CrewMember>;
}
