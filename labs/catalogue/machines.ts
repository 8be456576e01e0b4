/** The machines of the tutorial, at the addresses and ports that every lab gives them. */
import { hello } from '../harness/kit.ts';
import type { LabMachine } from '../harness/lab.ts';

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
