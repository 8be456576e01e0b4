/** The lab's machines as a provider makes them, moved to the instance's own network and ports. */
import path from 'node:path';
import type { AddressPlan } from '../../vms/address-plan.ts';
import type { MachineSpec } from '../../vms/machine.ts';
import type { LabMachine } from '../harness/lab.ts';

const appFiles: Readonly<Record<LabMachine['app']['app'], string>> = {
  hello: path.resolve(import.meta.dirname, '../../hello-earth.cjs'),
};

/** Labs are written for instance 0, whose proxy is on this port. */
const FIRST_PROXY_PORT = 9090;
const APP_PORT = 8080;

/** The same seed gives the same three-word names, so screenshots stay comparable. */
export function machineSpecs(
  machines: Readonly<Record<string, LabMachine>>,
  plan: AddressPlan,
  seed: number,
): ReadonlyMap<string, MachineSpec> {
  const shift = plan.proxyPort - FIRST_PROXY_PORT;
  return new Map(
    Object.entries(machines).map(([name, { ip, forwardedPort, app }]) => [
      name,
      {
        name,
        ip: `${plan.subnet}.${ip.split('.')[3]}`,
        port: APP_PORT,
        forwardedPort: forwardedPort + shift,
        app: {
          file: appFiles[app.app],
          version: app.version,
          env: { NAME_SEED: `${seed}-${name}` },
        },
      },
    ]),
  );
}
