/** Which machine has which address and ports, the same in every lab; data and pure functions. */

export interface MachineAddress {
  readonly ip: string;
  readonly port: number;
  readonly forwardedPort: number;
}

export interface AddressPlan {
  /** First three octets of the lab's network. */
  readonly subnet: string;
  readonly hub: string;
  /** Added to every port on localhost that is told for instance 0. */
  readonly portShift: number;
  /** Where visitors reach the proxy, on localhost. */
  readonly proxyPort: number;
  /** Where a second proxy may listen, for whoever starts one beside the first. */
  readonly secondProxyPort: number;
  readonly machines: Readonly<Record<MachineName, MachineAddress>>;
}

export const MACHINE_NAMES = [
  'webapp1',
  'webapp2',
  'webapp3',
  'webapp-new1',
  'webapp-new2',
  'webapp-new3',
  'legacy',
  'shop',
  'blog',
  'api',
] as const;
export type MachineName = (typeof MACHINE_NAMES)[number];

/** Every app listens here on the address of its machine. */
export const APP_PORT = 8080;

/** VirtualBox gives host-only networks no address outside 192.168.56.0/21: eight third octets. */
export const MAX_INSTANCE = 7;

const HOSTS: Readonly<Record<MachineName, { readonly host: number; readonly forwarded: number }>> =
  {
    webapp1: { host: 21, forwarded: 9091 },
    webapp2: { host: 22, forwarded: 9092 },
    webapp3: { host: 23, forwarded: 9093 },
    'webapp-new1': { host: 31, forwarded: 9101 },
    'webapp-new2': { host: 32, forwarded: 9102 },
    'webapp-new3': { host: 33, forwarded: 9103 },
    legacy: { host: 41, forwarded: 9111 },
    shop: { host: 42, forwarded: 9112 },
    blog: { host: 43, forwarded: 9113 },
    api: { host: 44, forwarded: 9114 },
  };

/** The plan of one of the labs that run side by side; throws on an instance that cannot be. */
export function addressPlan(instance = 0): AddressPlan {
  if (!Number.isInteger(instance) || instance < 0 || instance > MAX_INSTANCE) {
    throw new RangeError(`An instance is a whole number from 0 to ${MAX_INSTANCE}: ${instance}.`);
  }
  const subnet = `192.168.${56 + instance}`;
  const portShift = 100 * instance;
  const address = (name: MachineName): MachineAddress => ({
    ip: `${subnet}.${HOSTS[name].host}`,
    port: APP_PORT,
    forwardedPort: HOSTS[name].forwarded + portShift,
  });
  return {
    subnet,
    hub: `${subnet}.10`,
    portShift,
    proxyPort: 9090 + portShift,
    secondProxyPort: 9080 + portShift,
    machines: {
      webapp1: address('webapp1'),
      webapp2: address('webapp2'),
      webapp3: address('webapp3'),
      'webapp-new1': address('webapp-new1'),
      'webapp-new2': address('webapp-new2'),
      'webapp-new3': address('webapp-new3'),
      legacy: address('legacy'),
      shop: address('shop'),
      blog: address('blog'),
      api: address('api'),
    },
  };
}

/** The 2017 tutorial writes webapp_new1; host names have no underscore. */
export function canonicalName(name: string): string {
  return name.trim().toLowerCase().replaceAll('_', '-');
}
