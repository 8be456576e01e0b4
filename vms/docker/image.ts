/** The image that machines are made from: a Debian root file system, imported once into an engine. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { architectureOf, boxFileName } from '../box/box-names.ts';
import { MachineError } from '../errors.ts';
import type { EngineApi } from './engine-api.ts';

const REPOSITORY = 'relais/machine';

/** Where `npm run box:build` puts it. */
export function imageFile(folder: string): string {
  return path.join(folder, boxFileName('docker', architectureOf(process.arch) ?? 'amd64'));
}

export const HOW_TO_BUILD = 'Build it, which takes some minutes once: npm run box:build -- docker';

export function hasImageFile(folder: string): boolean {
  return existsSync(imageFile(folder));
}

interface ListedImage {
  readonly RepoTags: readonly string[] | null;
}

/** The name of the image in this engine, imported when it is not there, or is older than the file. */
export async function provideImage(api: EngineApi, folder: string): Promise<string> {
  const file = imageFile(folder);
  const present = await presentImages(api);
  if (!hasImageFile(folder)) {
    if (present[0] !== undefined) return present[0];
    const missing = `The image of the machines, ${file}, is missing. ${HOW_TO_BUILD}`;
    throw new MachineError('VM_PROVIDER_UNREADY', missing);
  }
  const { size, mtimeMs } = statSync(file);
  const tag = `${size.toString(36)}-${Math.floor(mtimeMs).toString(36)}`;
  const name = `${REPOSITORY}:${tag}`;
  if (present.includes(name)) return name;
  await importImage(api, file, tag);
  for (const old of present)
    await api.change({ method: 'DELETE', path: `/images/${old}` }, 404, 409);
  return name;
}

async function presentImages(api: EngineApi): Promise<readonly string[]> {
  const filters = encodeURIComponent(JSON.stringify({ reference: [REPOSITORY] }));
  const images = await api.find<readonly ListedImage[]>(`/images/json?filters=${filters}`);
  return (images ?? []).flatMap(({ RepoTags }) => RepoTags ?? []);
}

/** The engine's answer is 200 before it has begun: whether it worked is told by its last line. */
async function importImage(api: EngineApi, file: string, tag: string): Promise<void> {
  const { status, body } = await api.ask({
    method: 'POST',
    path: `/images/create?fromSrc=-&repo=${encodeURIComponent(REPOSITORY)}&tag=${tag}`,
    body: createReadStream(file),
    timeoutMs: 600_000,
  });
  const said = body.toString('utf8').trim();
  const error = /"error":"((?:[^"\\]|\\.)*)"/.exec(said)?.[1];
  if (status === 200 && error === undefined) return;
  throw new MachineError('VM_COMMAND_FAILED', importFailure(file, error ?? said));
}

function importFailure(file: string, said: string): string {
  return /no space left/i.test(said)
    ? `The disk is full: Docker cannot import ${file} (${said}). Make room (df -h shows where it ` +
        'went), then run the same command again.'
    : `Docker cannot import ${file}: ${said}. If the file is damaged, build it again: ${HOW_TO_BUILD}`;
}
