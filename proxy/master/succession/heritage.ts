/** What a main process that begins takes over from whoever served before it, if anybody did. */
import type { HandedState } from '../../command/hand-over.ts';
import type { StateRequest } from '../../command/requests.ts';
import type { ListeningSocket } from '../sockets/listening-sockets.ts';

export interface Heritage {
  /** Finds out what there is; whoever has it serves as before. */
  look(): Promise<void>;
  /** Looks for a while, where something must be and was not found. True when there is something now. */
  lookLonger(): Promise<boolean>;
  /** The configuration to begin with. */
  requests(ofFile: readonly StateRequest[]): readonly StateRequest[];
  /** The caller closes those that it does not keep. */
  sockets(): ListeningSocket[];
  /** Workers that were told to finish what they have, and have not yet. */
  readonly retiring: readonly number[];
  readonly lastWorkerId: number;
  readonly events: HandedState['events'];
  /** New workers serve: who served before finishes what it has. */
  complete(): void;
  /** This process cannot serve: who served before goes on. */
  leave(why: string): void;
  /** This process ends. */
  stop(): void;
}
