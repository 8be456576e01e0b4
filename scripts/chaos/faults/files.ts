/** Configuration files are read again, good ones and broken ones; the state is saved and loaded. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { now } from '../../bench/load/pacer.ts';
import type { Fault } from '../fault.ts';
import type { Stage } from '../stage.ts';
import { changeSomething } from './changes.ts';

const REMOVED_MS = 10;
const BROKEN_EVERY = 10;

export const fileFaults: readonly Fault[] = [
  {
    name: 'reload',
    about: `the file is changed and reloaded; each ${BROKEN_EVERY}th is broken and refused`,
    times: 100,
    shortTimes: 10,
    strike: (stage, round) =>
      round % BROKEN_EVERY === BROKEN_EVERY - 1
        ? reloadBroken(stage, round / BROKEN_EVERY)
        : reload(stage, round),
  },
  {
    name: 'state-save',
    about: 'the state is saved, changed, and loaded again',
    times: 50,
    shortTimes: 3,
    settings: 'saved_state = "./saved"\nautomatic_state_save = true',
    strike: saveAndLoad,
  },
];

/** Without a backend and with other clusters, then as it was. */
async function reload({ proxy, backends, absences, wait }: Stage, round: number): Promise<void> {
  const { b3: _, ...others } = backends.addresses;
  const more = `[clusters.more-${round}]
protocol = "http"
load_balancing = "random"
frontends = [{ address = "${proxy.listener}", hostname = "more-${round}.test" }]
backends = [{ address = "${backends.addressOf('b2')}" }]
`;
  await writeFile(proxy.configFile, proxy.configText(others) + more);
  await proxy.change({ kind: 'reload', prune: true });
  const from = now();
  await wait(REMOVED_MS);
  absences.push({ backend: 'b3', from, until: now() });
  await proxy.writeConfig();
  await proxy.change({ kind: 'reload', prune: true });
}

async function reloadBroken({ proxy, problems }: Stage, round: number): Promise<void> {
  const { stateHash } = await proxy.status();
  const listener = `[[listeners]]\naddress = "${proxy.listener}"\nprotocol = "http"\n`;
  const broken = [
    proxy.configText({}).replace('[[listeners]]', '[[listeners'),
    proxy.configText({}).replace('frontends', 'frontendz'),
    proxy.configText({ b0: '0.0.0.0:0' }),
    proxy.configText({}) + listener,
    '',
  ];
  await writeFile(proxy.configFile, broken[Math.floor(round) % broken.length] ?? '');
  const reply = await proxy.send({ kind: 'reload', prune: true });
  if (reply.status === 'ok') problems.push('a broken file was reloaded');
  if ((await proxy.status()).stateHash !== stateHash) {
    problems.push('a reload was refused and has changed something');
  }
  await proxy.writeConfig();
}

async function saveAndLoad(stage: Stage, round: number): Promise<void> {
  const { proxy, problems } = stage;
  const file = path.join(proxy.folder, `saved-${round % 2}`);
  await proxy.change({ kind: 'save-state', file });
  const { stateHash } = await proxy.status();
  for (let n = 0; n < 5; n++) await changeSomething(stage, round * 5 + n);
  await proxy.change({ kind: 'load-state', file, prune: true });
  if ((await proxy.status()).stateHash !== stateHash) {
    problems.push('a state was saved and loaded, and is another one');
  }
}
