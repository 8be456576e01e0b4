/** The machines of the labs, at the addresses and ports that every lab gives them. */
import type { MachineName } from '../../vms/address-plan.ts';
import { hello } from '../harness/kit.ts';
import type { AppRef, LabMachine } from '../harness/lab.ts';

/** The site as it is. */
export const oldMachines: Readonly<Record<'webapp1' | 'webapp2' | 'webapp3', LabMachine>> = {
  webapp1: { ip: '192.168.56.21', forwardedPort: 9091, app: hello('v1') },
  webapp2: { ip: '192.168.56.22', forwardedPort: 9092, app: hello('v1') },
  webapp3: { ip: '192.168.56.23', forwardedPort: 9093, app: hello('v1') },
};

/** The site as it will be. */
export const newMachines: Readonly<
  Record<'webapp-new1' | 'webapp-new2' | 'webapp-new3', LabMachine>
> = {
  'webapp-new1': { ip: '192.168.56.31', forwardedPort: 9101, app: hello('v2') },
  'webapp-new2': { ip: '192.168.56.32', forwardedPort: 9102, app: hello('v2') },
  'webapp-new3': { ip: '192.168.56.33', forwardedPort: 9103, app: hello('v2') },
};

export const oldNames = ['webapp1', 'webapp2', 'webapp3'] as const;
export const newNames = ['webapp-new1', 'webapp-new2', 'webapp-new3'] as const;

/** Sites beside the tutorial's: each machine runs the site that it is named for. */
export const siteMachines: Readonly<Record<'legacy' | 'shop' | 'blog' | 'api', LabMachine>> = {
  legacy: {
    ip: '192.168.56.41',
    forwardedPort: 9111,
    app: site('legacy', { BASE_PATH: '/legacy' }),
  },
  shop: { ip: '192.168.56.42', forwardedPort: 9112, app: site('shop') },
  blog: { ip: '192.168.56.43', forwardedPort: 9113, app: site('blog') },
  api: { ip: '192.168.56.44', forwardedPort: 9114, app: site('api') },
};

function site(name: string, env: AppRef['env'] = {}): AppRef {
  return { ...hello('v1'), env: { SITE: name, ...env } };
}

/** Its app is told more, or something else. */
export function withEnv(machine: LabMachine, env: NonNullable<AppRef['env']>): LabMachine {
  return { ...machine, app: { ...machine.app, env: { ...machine.app.env, ...env } } };
}

/** Every machine that a lab may have, and that can be brought up by hand. */
export const allMachines: Readonly<Record<MachineName, LabMachine>> = {
  ...oldMachines,
  ...newMachines,
  ...siteMachines,
};
