/** The main process stands still or dies: the workers serve on. */
import type { Fault } from '../fault.ts';
import { freeze } from '../processes.ts';

const STILL_MS = 2_000;

export const mainFaults: readonly Fault[] = [
  {
    name: 'main-stop',
    about: `SIGSTOP to the main process for ${STILL_MS / 1000} s`,
    times: 3,
    shortTimes: 1,
    async strike({ proxy, wait }) {
      const { pid } = await proxy.status();
      await freeze(pid);
      await wait(STILL_MS).finally(() => process.kill(pid, 'SIGCONT'));
      await proxy.fullStrength();
    },
  },
];
