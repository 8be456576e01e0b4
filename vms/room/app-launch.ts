/** What an app is told at its start, and the wait until it accepts connections. */
import { MachineError } from '../errors.ts';
import type { MachineRecord } from '../lease.ts';
import { waitUntil } from '../programs/deadline.ts';
import type { Endpoint } from '../programs/detached-program.ts';
import { lastLines } from '../programs/program-log.ts';
import { isRunning } from './app-host.ts';
import type { Fabric } from './fabric.ts';
import { keptKnobs, knobsAfterHealing } from './knobs.ts';

const LISTENS_WITHIN_MS = 60_000;

/** The variables of an app that listens at this address, its own ones among them. */
export function appEnvironment(
  { spec: { app }, knobs }: MachineRecord,
  { host, port }: Endpoint,
): Readonly<Record<string, string>> {
  return {
    ...app.env,
    ...keptKnobs(knobsAfterHealing(knobs)),
    HOST: host,
    PORT: String(port),
    VERSION: app.version,
  };
}

/** Rejects with VM_APP_FAILED and the end of the app's log when it ends, or is late. */
export async function awaitListening(
  fabric: Fabric,
  record: MachineRecord,
  signal?: AbortSignal,
): Promise<void> {
  const { name, app } = record.spec;
  const withinMs = LISTENS_WITHIN_MS * (fabric.capabilities.pace ?? 1);
  let died = false;
  const listens = await waitUntil(
    async () => {
      died = !(await isRunning(fabric.apps, record));
      return died || (await fabric.isListening(record));
    },
    { deadlineMs: withinMs, signal },
  );
  if (listens && !died) return;
  const what = died ? 'ended at once' : `does not listen after ${withinMs / 1000} s`;
  const printed = lastLines(await fabric.apps.readLog(record, record.logStart ?? 0));
  throw new MachineError(
    'VM_APP_FAILED',
    `The app of ${name} (${app.file}) ${what}. The end of its log:\n${printed}`,
  );
}
