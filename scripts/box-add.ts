/** `npm run box:add`: hands boxes to Vagrant; nothing is downloaded. */
import { homedir } from 'node:os';
import path from 'node:path';
import { addBoxes, VAGRANT_TARGETS, type VagrantTarget } from '../vms/box/add-boxes.ts';
import { getTools } from '../vms/debian-packages.ts';
import { OWN_BOX } from '../vms/vagrant/engines.ts';
import {
  boxCommand,
  perform,
  targetArgument,
  thisArchitecture,
  vagrantHomeFor,
} from './box/options.ts';

interface Flags {
  readonly folder: string;
  readonly global: boolean;
}

const command = boxCommand('box:add', 'Hands boxes that were built to Vagrant.')
  .addArgument(targetArgument(VAGRANT_TARGETS))
  .option('--global', "to your own Vagrant (~/.vagrant.d), not to the lab's", false)
  .parse();
const { folder, global } = command.opts<Flags>();

await perform(async signal => {
  await getTools(['vagrant'], line => console.error(line));
  const vagrantHome = vagrantHomeFor(global, homedir());
  const targets = command.processedArgs[0] as readonly VagrantTarget[];
  const order = { folder: path.resolve(folder), targets, vagrantHome };
  const boxes = await addBoxes({ ...order, architecture: thisArchitecture() }, { signal });
  for (const { target, added } of boxes) {
    console.log(
      `${OWN_BOX.name} (${target}) ${added ? 'added to' : 'is already in'} ${vagrantHome}`,
    );
  }
});
