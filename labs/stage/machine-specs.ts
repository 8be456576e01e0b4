/** The lab's machines as a provider makes them, moved to the instance's own network and ports. */
import path from 'node:path';
import { type AddressPlan, APP_PORT } from '../../vms/address-plan.ts';
import type { MachineSpec } from '../../vms/machine.ts';
import type { AppRef, LabMachine } from '../harness/lab.ts';

const appFiles: Readonly<Record<LabMachine['app']['app'], string>> = {
  hello: path.resolve(import.meta.dirname, '../../hello-earth.cjs'),
};

/** The same seed gives the same three-word names, so screenshots stay comparable. */
export function machineSpecs(
  machines: Readonly<Record<string, LabMachine>>,
  plan: AddressPlan,
  seed: number,
  proxyAddress = '',
): ReadonlyMap<string, MachineSpec> {
  return new Map(
    Object.entries(machines).map(([name, { ip, forwardedPort, app }]) => [
      name,
      {
        name,
        ip: `${plan.subnet}.${ip.split('.')[3]}`,
        port: APP_PORT,
        forwardedPort: forwardedPort + plan.portShift,
        app: {
          file: appFiles[app.app],
          version: app.version,
          env: {
            NAME_SEED: `${seed}-${name}`,
            ACCESS_LOG: '1',
            ...filledIn(app.env, proxyAddress),
          },
        },
      },
    ]),
  );
}

function filledIn(env: AppRef['env'] = {}, proxyAddress: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, value.replace('{proxy}', proxyAddress)]),
  );
}
