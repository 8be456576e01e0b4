/** Reads the app's settings from environment variables; a wrong one is named with what would be right. */
import { isVersion, VERSIONS, type Version } from './version.ts';

export interface Settings {
  /** 0 takes a free port. */
  readonly port: number;
  /** Undefined: all addresses. */
  readonly host: string | undefined;
  readonly version: Version;
  readonly machine: string | undefined;
  readonly nameSeed: string | undefined;
  /** Descriptors of listening sockets that the parent opened. */
  readonly inheritedFds: readonly number[];
}

/** A setting that cannot be used; the message is meant for the person who set it. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

export interface Environment {
  readonly PORT?: string | undefined;
  readonly HOST?: string | undefined;
  readonly VERSION?: string | undefined;
  readonly MACHINE?: string | undefined;
  readonly NAME_SEED?: string | undefined;
  readonly LISTEN_FDS?: string | undefined;
  readonly LISTEN_PID?: string | undefined;
}

export function readSettings(env: Environment, pid: number): Settings {
  return {
    port: readPort(given(env.PORT)),
    host: given(env.HOST),
    version: readVersion(given(env.VERSION)),
    machine: readMachine(given(env.MACHINE)),
    nameSeed: given(env.NAME_SEED),
    inheritedFds: readInheritedFds(given(env.LISTEN_FDS), given(env.LISTEN_PID), pid),
  };
}

/** `:8080` or `IP:PORT` of a command line, as the variables that say the same. */
export function readListenAddress(text: string | undefined): Pick<Environment, 'HOST' | 'PORT'> {
  if (text === undefined) return {};
  const [, v6, name, port] = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(text) ?? [];
  if (port !== undefined) return { HOST: v6 ?? name, PORT: port };
  throw new SettingsError(`"${text}" is not an address: write :PORT or IP:PORT, such as :8080`);
}

/** An empty variable means the same as none. */
function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function readPort(value = '8080'): number {
  const port = Number(value);
  if (/^\d{1,5}$/.test(value) && port <= 65_535) return port;
  throw new SettingsError(`PORT=${value} is not a port: give a whole number from 0 to 65535`);
}

function readVersion(value = 'v1'): Version {
  if (isVersion(value)) return value;
  throw new SettingsError(
    `VERSION=${value} does not exist: the versions are ${VERSIONS.join(', ')}`,
  );
}

/** It travels in a response header, where other characters would break the answer. */
function readMachine(value: string | undefined): string | undefined {
  if (value === undefined || /^[\w.-]{1,63}$/.test(value)) return value;
  throw new SettingsError(
    `MACHINE=${JSON.stringify(value)} is not a machine name: give 1 to 63 letters, digits, '.', '-', '_'`,
  );
}

/**
 * systemd's convention, sd_listen_fds(3): LISTEN_FDS sockets from descriptor 3 on, meant for the
 * process LISTEN_PID. A parent that cannot know the pid beforehand leaves LISTEN_PID out.
 */
function readInheritedFds(
  count: string | undefined,
  listenPid: string | undefined,
  pid: number,
): number[] {
  if (count === undefined || (listenPid !== undefined && listenPid !== String(pid))) return [];
  if (!/^\d{1,3}$/.test(count)) {
    throw new SettingsError(`LISTEN_FDS=${count} is not a number of sockets`);
  }
  return Array.from({ length: Number(count) }, (_, index) => 3 + index);
}
