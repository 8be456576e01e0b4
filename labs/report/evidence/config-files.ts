/** The configuration that the proxy of a run was started with, as it lies in the run folder. */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

export interface ConfigFile {
  readonly name: string;
  readonly text: string;
  /** Bytes that are not in `text`. */
  readonly leftOut: number;
}

/** The config file first, then the answers it names; logs and sockets are no configuration. */
const EXTENSIONS: readonly string[] = ['.toml', '.http', '.env', '.json'];
const MOST_FILES = 12;
const MOST_BYTES = 24_000;

/** A run without a folder for its proxy has no files. */
export async function readConfigFiles(folder: string): Promise<readonly ConfigFile[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const rank = (name: string): number => EXTENSIONS.indexOf(path.extname(name));
  const wanted = names
    .filter(name => rank(name) >= 0)
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .slice(0, MOST_FILES);
  const files = await Promise.all(wanted.map(name => readConfig(folder, name)));
  return files.flatMap(file => file ?? []);
}

async function readConfig(folder: string, name: string): Promise<ConfigFile | undefined> {
  const file = path.join(folder, name);
  try {
    if (!(await stat(file)).isFile()) return undefined;
    const bytes = await readFile(file);
    const text = bytes.subarray(0, MOST_BYTES).toString('utf8');
    return { name, text, leftOut: Math.max(0, bytes.length - MOST_BYTES) };
  } catch {
    return undefined;
  }
}
