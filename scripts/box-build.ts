/** `npm run box:build`: builds the lab's own Debian for real machines (vms/box/README.md). */
import path from 'node:path';
import { BOX_TARGETS, type BoxTarget } from '../vms/box/box-names.ts';
import { buildBoxes } from '../vms/box/build-boxes.ts';
import { getTools } from '../vms/debian-packages.ts';
import { boxCommand, perform, targetArgument, thisArchitecture } from './box/options.ts';

interface Flags {
  readonly folder: string;
  readonly force: boolean;
  readonly mirror?: string;
}

const say = (line: string): void => console.error(line);
const command = boxCommand(
  'box:build',
  'Builds boxes for vagrant-lxc and vagrant-libvirt and an image for docker out of Debian packages. Needs root.',
)
  .addArgument(targetArgument(BOX_TARGETS))
  .option('--force', 'also those that are there and whole', false)
  .option(
    '--mirror <url>',
    "Debian's mirror, used without its updates (default: deb.debian.org with them)",
  )
  .parse();
const { folder, force, mirror } = command.opts<Flags>();

await perform(async signal => {
  if (process.geteuid?.() === 0) await getTools(['box'], say);
  const targets = command.processedArgs[0] as readonly BoxTarget[];
  const order = { folder: path.resolve(folder), targets, force, mirror };
  const boxes = await buildBoxes({ ...order, architecture: thisArchitecture() }, { say, signal });
  for (const { file, sizeBytes, sha256, built } of boxes) {
    const note = built ? '' : '  (was there; --force builds it anew)';
    console.log(`${sha256.slice(0, 12)}  ${(sizeBytes / 1e6).toFixed(0)} MB  ${file}${note}`);
  }
});
