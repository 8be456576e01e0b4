/** What is to be built. */
import type { Architecture, BoxTarget } from './box-names.ts';

export interface BuildOrder {
  /** Where the boxes go; made when it is not there. */
  readonly folder: string;
  readonly targets: readonly BoxTarget[];
  readonly architecture: Architecture;
  /** Debian's mirror. Default: deb.debian.org. */
  readonly mirror?: string | undefined;
  /** Build also what is there and whole. */
  readonly force: boolean;
}
