/** `npm run box:list`: which boxes were built, whether they are whole, and what Vagrant has of them. */
import { homedir } from 'node:os';
import path from 'node:path';
import { checksumInVagrant, VAGRANT_TARGETS } from '../vms/box/add-boxes.ts';
import { boxesIn, type ShelfBox } from '../vms/box/box-shelf.ts';
import { boxCommand, perform, thisArchitecture, vagrantHomeFor } from './box/options.ts';

interface Flags {
  readonly folder: string;
  readonly global: boolean;
  readonly json: boolean;
}

/** `other`: Vagrant has a box of this name that was made of another file. */
type InVagrant = 'yes' | 'other' | 'no' | 'not-for-vagrant';

const command = boxCommand('box:list', 'Lists the boxes that were built.')
  .option('--global', 'look into your own Vagrant (~/.vagrant.d)', false)
  .option('--json', 'as JSON', false)
  .parse();
const { folder, global, json } = command.opts<Flags>();

await perform(async () => {
  const vagrantHome = vagrantHomeFor(global, homedir());
  const boxes = await boxesIn(path.resolve(folder), thisArchitecture());
  const lines = await Promise.all(
    boxes.map(async box => ({ ...box, inVagrant: await inVagrant(box, vagrantHome) })),
  );
  if (json) {
    console.log(
      JSON.stringify({ folder: path.resolve(folder), vagrantHome, boxes: lines }, null, 2),
    );
    return;
  }
  if (lines.length === 0) console.log(`No box in ${path.resolve(folder)}: npm run box:build`);
  for (const line of lines) console.log(sentence(line));
});

async function inVagrant({ target, sha256 }: ShelfBox, home: string): Promise<InVagrant> {
  const found = VAGRANT_TARGETS.find(name => name === target);
  if (found === undefined) return 'not-for-vagrant';
  const theirs = await checksumInVagrant(home, found);
  if (theirs === undefined) return 'no';
  return theirs === sha256 ? 'yes' : 'other';
}

function sentence(box: ShelfBox & { readonly inVagrant: InVagrant }): string {
  const told: Readonly<Record<InVagrant, string>> = {
    yes: 'added to Vagrant',
    other: 'Vagrant has another one: npm run box:add',
    no: 'not added to Vagrant: npm run box:add',
    'not-for-vagrant': 'the docker provider imports it',
  };
  const size = `${(box.sizeBytes / 1e6).toFixed(0)} MB`.padStart(6);
  const state = box.whole ? told[box.inVagrant] : 'DAMAGED: npm run box:build -- --force';
  const date = box.changedAt.toISOString().slice(0, 10);
  return `${box.target.padEnd(8)}${size}  ${date}  ${box.sha256.slice(0, 12)}  ${state}`;
}
