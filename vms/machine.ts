/** A machine as everybody sees it: name, address, forwarded port, app version, state. */

/** As `vagrant status` would say it. */
export type MachineState = 'not-created' | 'poweroff' | 'running';

/** How a machine goes away. The verbs are distinct because clients see different things. */
export type FailureVerb = 'crash' | 'power-off' | 'blackhole' | 'freeze' | 'slow' | 'error';

/** The program that runs on a machine: one file for `node`, told by environment variables. */
export interface AppSpec {
  /** Absolute path of the one file. */
  readonly file: string;
  /** 'v1', 'v2', …: handed to the app as VERSION. */
  readonly version: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What of an app is replaced by a deployment; what is left out stays, variable by variable. */
export type AppChange = Partial<AppSpec>;

/** Faults and limits that the running app was told to have, by the app's own names. */
export type Knobs = Readonly<Record<string, number | boolean>>;

export interface MachineSpec {
  readonly name: string;
  /** Address inside the lab, for example 192.168.56.21. */
  readonly ip: string;
  /** The app listens here on `ip`. */
  readonly port: number;
  /** Port on 127.0.0.1 that leads to the app; 0 takes a free one. */
  readonly forwardedPort: number;
  readonly app: AppSpec;
}

export interface MachineStatus {
  readonly name: string;
  readonly state: MachineState;
  /** `ip:port` as the proxy must dial it; providers without real addresses map it. */
  readonly address: string;
  /** What the lab calls the address, the same on every provider. */
  readonly nominalAddress: string;
  /** `127.0.0.1:port`; undefined while the machine is down. */
  readonly forwarded: string | undefined;
  readonly version: string;
  /** Is the app process alive (a frozen one is)? */
  readonly appRunning: boolean;
  /** Failures in force, oldest first. */
  readonly failures: readonly FailureVerb[];
  readonly pid: number | undefined;
  /** What `Room.knobs` has set and what is still in force; absent when that is nothing. */
  readonly knobs?: Knobs;
}
