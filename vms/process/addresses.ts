/** Where a machine of the lab is when it is only a process on this system. */

import type { MachineSpec } from '../machine.ts';
import type { Platform } from '../platform.ts';
import type { Endpoint } from '../programs/detached-program.ts';
import type { Fidelity } from '../provider.ts';

/** One way of giving processes addresses, and what it makes of the failures that need a network. */
export interface Addresses {
  /** Can the app have its forwarded port beside its address? */
  readonly forwardsPort: boolean;
  /** Does an address with a full accept queue swallow connects? */
  readonly canSwallow: boolean;
  readonly powerOff: Fidelity;
  readonly blackhole: Fidelity;
  of(spec: MachineSpec, forwardedPort: number): Endpoint;
}

/** Linux answers on all of 127.0.0.0/8: 192.168.56.21 becomes 127.56.0.21. */
export const LOOPBACK_NETWORK: Addresses = {
  forwardsPort: true,
  canSwallow: true,
  powerOff: {
    kind: 'imitated',
    how:
      'the app is killed and its address swallows connects: new clients wait until their own ' +
      'timeout instead of hearing "unreachable" after 3 s, open connections end at once',
  },
  blackhole: {
    kind: 'imitated',
    how:
      'the app is stopped and its accept queue filled: new connects stay unanswered as on a ' +
      'network that swallows packets, but data on open connections is acknowledged, and the ' +
      'forwarded port is silent too',
  },
  of: onLoopback,
};

/** Windows answers there, too, but refuses connects when a queue is full. */
export const REFUSING_NETWORK: Addresses = {
  forwardsPort: true,
  canSwallow: false,
  powerOff: {
    kind: 'imitated',
    how:
      'the app is killed: clients are refused, not unreachable; Windows asks a refused address ' +
      'again, so they hear it after some 2 s',
  },
  blackhole: { kind: 'imitated', how: 'the app is suspended: clients connect, then hear nothing' },
  of: onLoopback,
};

function onLoopback({ ip, port }: MachineSpec): Endpoint {
  const [, , third, host] = ip.split('.');
  return { host: `127.${third}.0.${host}`, port };
}

/** macOS answers on 127.0.0.1 only: a machine is its forwarded port. */
export const ONE_ADDRESS: Addresses = {
  forwardsPort: false,
  canSwallow: false,
  powerOff: { kind: 'imitated', how: 'the app is killed: clients are refused, not unreachable' },
  blackhole: { kind: 'imitated', how: 'the app is stopped: clients connect, then hear nothing' },
  of: (_spec, forwardedPort) => ({ host: '127.0.0.1', port: forwardedPort }),
};

export function addressesOn(platform: Platform): Addresses {
  return { linux: LOOPBACK_NETWORK, darwin: ONE_ADDRESS, win32: REFUSING_NETWORK }[platform];
}
