/** Where apps live: how the app of a machine is started, asked after, signalled and ended. */
import type { MachineRecord } from '../lease.ts';

export interface AppHost {
  /**
   * Starts the app of a machine that is on; resolves with the record that knows it, its failures
   * down to those that outlive an app. Does not wait until it listens. Rejects with
   * VM_COMMAND_FAILED or VM_PORT_IN_USE.
   */
  start(record: MachineRecord): Promise<MachineRecord>;
  /** Its pid as its machine counts; undefined when it does not run. A frozen one runs. */
  pidOf(record: MachineRecord): Promise<number | undefined>;
  /** SIGTERM, to a frozen app too; SIGKILL after the grace. Nothing when it or its machine does not run. */
  end(record: MachineRecord, graceMs: number): Promise<void>;
  /** SIGKILL without asking. Nothing when it does not run. */
  kill(record: MachineRecord): Promise<void>;
  /** The app stops where it is: its connections stay, nothing answers. */
  freeze(record: MachineRecord): Promise<void>;
  thaw(record: MachineRecord): Promise<void>;
  /** What it printed, from this byte on. */
  readLog(record: MachineRecord, fromByte: number): Promise<string>;
}

export async function isRunning(apps: AppHost, record: MachineRecord): Promise<boolean> {
  return (await apps.pidOf(record)) !== undefined;
}
