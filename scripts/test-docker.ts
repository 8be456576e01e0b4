/**
 * `npm run test:docker`: the conformance suite, what may go wrong with engines, and three labs with
 * the browser, on containers. Installs Docker and builds the image when they are not there: as root
 * on a Debian. Nothing of it touches a Docker of the system.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { getTools } from '../vms/debian-packages.ts';
import { hasImageFile, imageFile } from '../vms/docker/image.ts';
import { dockerSettings } from '../vms/docker/settings.ts';
import { HERE } from '../vms/platform.ts';

const root = path.resolve(import.meta.dirname, '../..');
const say = (line: string): void => console.error(line);
const env = { ...process.env, RELAIS_DOCKER: 'own' };

/** Ends with the exit code of what failed. */
function run(what: string, script: string, ...args: readonly string[]): void {
  const start = performance.now();
  const file = path.join(root, 'dist/scripts', script);
  const { status } = spawnSync(process.execPath, [file, ...args], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  say(`${what}: ${status === 0 ? 'done' : 'failed'} after ${seconds(start)} s`);
  if (status !== 0) process.exit(status ?? 1);
}

function seconds(start: number): string {
  return ((performance.now() - start) / 1_000).toFixed(1);
}

if (HERE !== 'linux' || process.geteuid?.() !== 0) {
  say("test:docker needs Linux and root: it starts Docker engines of the kit's own.");
  process.exit(2);
}
const began = performance.now();
try {
  await getTools(['docker'], say);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exit(2);
}
say(`Docker: there after ${seconds(began)} s`);
const { imageFolder } = dockerSettings(env, HERE, true);
if (!hasImageFile(imageFolder)) run(`Image ${imageFile(imageFolder)}`, 'box-build.js', 'docker');
run('Browser', 'setup.js');
run('Tests on containers', 'run-tests.js', 'docker/', ...process.argv.slice(2));
say(`All of it: ${seconds(began)} s`);
