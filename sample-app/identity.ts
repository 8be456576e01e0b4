/** Who answers: the headers and the page name the machine, the generated name, version and site. */
import type { Site } from './site.ts';
import type { Version } from './version.ts';

export interface Identity {
  /** What the lab calls the machine (`webapp1`); the generated name when nobody said. */
  readonly machine: string;
  /** The generated name, for example `delirious-flagrant-expert-3862`. */
  readonly name: string;
  readonly version: Version;
  readonly site: Site;
}

/** Sent with every answer, errors included. */
export function identityHeaders(identity: Identity): Readonly<Record<string, string>> {
  return {
    'X-Relais-Machine': identity.machine,
    'X-Relais-Name': identity.name,
    'X-Relais-Version': identity.version,
    'X-Relais-Site': identity.site,
  };
}
