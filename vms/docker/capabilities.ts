/** Which failures a container makes as hardware would, on each kind of engine. */
import type { Platform } from '../platform.ts';
import type { Capabilities } from '../provider.ts';
import { REAL_FAILURES } from '../room/real-failures.ts';
import type { EngineFacts } from './engine.ts';

/** The kit's own engine: containers at the lab's addresses, in a network that is ours to change. */
const OWN: Capabilities = {
  realAddresses: true,
  failures: REAL_FAILURES,
};

/** Yours, on Linux: the addresses are real, the neighbour table is not ours to change. */
const HOST: Capabilities = {
  realAddresses: true,
  failures: {
    ...REAL_FAILURES,
    'power-off': {
      kind: 'imitated',
      how:
        'this computer remembers the machine for a while: new clients wait until their own ' +
        'timeout before they hear "unreachable"',
    },
  },
};

/** Docker Desktop: a machine is a published port, and Docker accepts connections in its name. */
const PUBLISHED: Capabilities = {
  realAddresses: false,
  failures: {
    ...REAL_FAILURES,
    crash: {
      kind: 'imitated',
      how: 'Docker accepts connections for the machine and ends them at once, instead of refusing',
    },
    'power-off': {
      kind: 'imitated',
      how: 'the published port goes with the container: clients are refused, not unreachable',
    },
    blackhole: {
      kind: 'imitated',
      how: 'Docker accepts connections for the machine: clients connect, then hear nothing',
    },
  },
};

export function capabilitiesOf({ dockerd, reachesAddresses }: EngineFacts): Capabilities {
  if (dockerd !== undefined) return OWN;
  return reachesAddresses ? HOST : PUBLISHED;
}

/** Before any engine is there. */
export function expectedCapabilities(engine: 'own' | 'host', platform: Platform): Capabilities {
  if (engine === 'own') return OWN;
  return platform === 'linux' ? HOST : PUBLISHED;
}
