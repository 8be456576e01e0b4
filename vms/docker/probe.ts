/** Finds out whether there can be containers here: programs, rights, an engine, the image. */
import { missingTools, missingToolsMessage } from '../debian-packages.ts';
import type { Platform } from '../platform.ts';
import type { Readiness } from '../provider.ts';
import { EngineApi } from './engine-api.ts';
import { HOW_TO_BUILD, hasImageFile, imageFile } from './image.ts';
import type { DockerSettings } from './settings.ts';

export async function probeDocker(
  settings: DockerSettings,
  platform: Platform,
  isRoot: boolean,
): Promise<Readiness> {
  const hindrance =
    settings.engine === 'own'
      ? await probeOwnEngine(platform, isRoot)
      : await probeHostEngine(settings.host, platform);
  if (hindrance !== undefined) return hindrance;
  if (!hasImageFile(settings.imageFolder)) {
    const reason = `the image of the machines is missing (${imageFile(settings.imageFolder)})`;
    return { ready: false, reason, fix: `${HOW_TO_BUILD}.` };
  }
  const whose = settings.engine === 'own' ? "an engine of the kit's own" : settings.host;
  return { ready: true, note: whose };
}

async function probeOwnEngine(platform: Platform, isRoot: boolean): Promise<Readiness | undefined> {
  if (platform !== 'linux' || !isRoot) {
    return {
      ready: false,
      reason: "a Docker engine of the kit's own needs Linux and root",
      fix: 'Run it as root (sudo), or use the engine that is there: RELAIS_DOCKER=host.',
    };
  }
  return probeTools();
}

async function probeTools(): Promise<Readiness | undefined> {
  const missing = await missingTools('docker');
  if (missing.length === 0) return undefined;
  return {
    ready: false,
    reason: 'Docker is not installed',
    fix: `${missingToolsMessage(missing)}.`,
  };
}

async function probeHostEngine(host: string, platform: Platform): Promise<Readiness | undefined> {
  if (await new EngineApi(host).answers()) return undefined;
  const notInstalled =
    platform === 'linux' && host.startsWith('unix:') ? await probeTools() : undefined;
  if (notInstalled !== undefined) return notInstalled;
  return {
    ready: false,
    reason: `no Docker engine answers at ${host}`,
    fix:
      'Start Docker (Docker Desktop, or sudo systemctl start docker), see to it that you may use it ' +
      '(docker ps), or set DOCKER_HOST.',
  };
}
