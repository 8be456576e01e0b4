/** Reads the app's settings from environment variables; a wrong one is named with what would be right. */
import type { KnobSettings } from './knob-board.ts';
import { HEALTHY, type Knobs, parseKnobs, updateKnobs } from './knobs.ts';
import { isSite, SITES, type Site } from './site.ts';
import { isVersion, VERSIONS, type Version } from './version.ts';

export interface Settings {
  /** 0 takes a free port. */
  readonly port: number;
  /** Undefined: all addresses. */
  readonly host: string | undefined;
  readonly version: Version;
  readonly site: Site;
  /** The pages live under this path too, for example `/legacy`; '' when there is none. */
  readonly basePath: string;
  readonly machine: string | undefined;
  readonly nameSeed: string | undefined;
  readonly knobs: KnobSettings;
  /** The service that `/chain` calls. */
  readonly upstream: string | undefined;
  /** Is each page request written to the standard output? */
  readonly accessLog: boolean;
  /** Descriptors of listening sockets that the parent opened. */
  readonly inheritedFds: readonly number[];
  /** Where it listens besides, where a parent can open nothing for it. */
  readonly alsoAt: readonly Place[];
  /** With it the app can be told to end; undefined: only by a signal. */
  readonly stopToken: string | undefined;
}

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** A setting that cannot be used; the message is meant for the person who set it. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

export interface Environment {
  readonly PORT?: string | undefined;
  readonly HOST?: string | undefined;
  readonly VERSION?: string | undefined;
  readonly SITE?: string | undefined;
  readonly BASE_PATH?: string | undefined;
  readonly MACHINE?: string | undefined;
  readonly NAME_SEED?: string | undefined;
  readonly KNOBS?: string | undefined;
  readonly KEPT_KNOBS?: string | undefined;
  readonly UPSTREAM?: string | undefined;
  readonly ACCESS_LOG?: string | undefined;
  readonly LISTEN_FDS?: string | undefined;
  readonly LISTEN_PID?: string | undefined;
  readonly LISTEN_ALSO?: string | undefined;
  readonly STOP_TOKEN?: string | undefined;
}

export function readSettings(env: Environment, pid: number): Settings {
  return {
    port: readPort(given(env.PORT)),
    host: given(env.HOST),
    version: readVersion(given(env.VERSION)),
    site: readSite(given(env.SITE)),
    basePath: readBasePath(given(env.BASE_PATH)),
    machine: readMachine(given(env.MACHINE)),
    nameSeed: given(env.NAME_SEED),
    knobs: readKnobSettings(env),
    upstream: readUpstream(given(env.UPSTREAM)),
    accessLog: readSwitch('ACCESS_LOG', given(env.ACCESS_LOG)),
    inheritedFds: readInheritedFds(given(env.LISTEN_FDS), given(env.LISTEN_PID), pid),
    alsoAt: readPlaces(given(env.LISTEN_ALSO)),
    stopToken: given(env.STOP_TOKEN),
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

function readPlaces(value = ''): Place[] {
  return value.split(',').flatMap(each => {
    const [, host = '', port = ''] = /^([^:,]+):(\d{1,5})$/.exec(each) ?? [];
    if (each === '') return [];
    if (host !== '' && Number(port) > 0 && Number(port) <= 65_535) {
      return { host, port: Number(port) };
    }
    throw new SettingsError(
      `LISTEN_ALSO=${value} is no list of addresses: write 127.0.0.1:9091,127.0.0.1:9092`,
    );
  });
}

function readVersion(value = 'v1'): Version {
  if (isVersion(value)) return value;
  throw new SettingsError(
    `VERSION=${value} does not exist: the versions are ${VERSIONS.join(', ')}`,
  );
}

function readSite(value = 'hello'): Site {
  if (isSite(value)) return value;
  throw new SettingsError(`SITE=${value} does not exist: the sites are ${SITES.join(', ')}`);
}

function readBasePath(value = ''): string {
  if (value === '' || /^(?:\/[\w.~-]+)+$/.test(value)) return value;
  throw new SettingsError(
    `BASE_PATH=${value} is not a path: write it as /legacy, without an end /`,
  );
}

/** KNOBS are the normal ones; KEPT_KNOBS were set before a restart, and a reset lifts them. */
function readKnobSettings({ KNOBS, KEPT_KNOBS }: Environment): KnobSettings {
  const normal = readKnobs('KNOBS', given(KNOBS), HEALTHY);
  return { normal, atStart: readKnobs('KEPT_KNOBS', given(KEPT_KNOBS), normal) };
}

function readKnobs(name: string, value: string | undefined, current: Knobs): Knobs {
  if (value === undefined) return current;
  const update = updateKnobs(current, parseKnobs(value));
  if (update.ok) return update.knobs;
  throw new SettingsError(`${name}=${value} cannot be used: ${update.error}`);
}

function readUpstream(value: string | undefined): string | undefined {
  if (value === undefined || (value.startsWith('http://') && URL.canParse(value))) return value;
  throw new SettingsError(`UPSTREAM=${value} is not an address: write http://HOST:PORT/PATH`);
}

function readSwitch(name: string, value = '0'): boolean {
  if (value === '0' || value === '1') return value === '1';
  throw new SettingsError(`${name}=${value}: write 1 or 0`);
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
