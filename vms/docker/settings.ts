/** What the user's environment says about Docker. */
import { homedir } from 'node:os';
import path from 'node:path';
import { boxFolder } from '../box/folders.ts';
import { MachineError } from '../errors.ts';
import { HERE, type Platform } from '../platform.ts';

export interface DockerSettings {
  /** `own`: an engine of the kit's, in a network without a way out. `host`: the one that is there. */
  readonly engine: 'own' | 'host';
  /** Where the one that is there listens. */
  readonly host: string;
  /** Where the data of the kit's own engines lie: the imported image above all. */
  readonly stores: string;
  /** Where the image is that box:build built. */
  readonly imageFolder: string;
}

const DEFAULT_HOSTS: Partial<Readonly<Record<Platform, string>>> = {
  win32: 'npipe:////./pipe/docker_engine',
};

/**
 * RELAIS_DOCKER is `own`, the default as root on Linux, or `host`, the default elsewhere; then
 * DOCKER_HOST says where. Throws VM_UNKNOWN on anything else.
 */
export function dockerSettings(
  env: Readonly<Record<string, string | undefined>>,
  platform: Platform,
  isRoot: boolean,
): DockerSettings {
  const wanted = env['RELAIS_DOCKER'] || (platform === 'linux' && isRoot ? 'own' : 'host');
  if (wanted !== 'own' && wanted !== 'host') {
    throw new MachineError(
      'VM_UNKNOWN',
      `RELAIS_DOCKER is "${wanted}"; it can be "own" (an engine of the kit's) or "host" (yours).`,
    );
  }
  return {
    engine: wanted,
    host: env['DOCKER_HOST'] || (DEFAULT_HOSTS[platform] ?? 'unix:///var/run/docker.sock'),
    stores: path.resolve(env['RELAIS_DOCKER_STORES'] || path.join(homedir(), '.relais', 'docker')),
    imageFolder: boxFolder({ RELAIS_BOXES: env['RELAIS_BOXES'] }, homedir()),
  };
}

/** Of this process. */
export function ownSettings(): DockerSettings {
  // biome-ignore lint/style/noProcessEnv: a provider is opened by its name, with no settings
  return dockerSettings(process.env, HERE, process.geteuid?.() === 0);
}
