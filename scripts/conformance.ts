/**
 * `npm run conformance`: the cases of test/conformance/http1 against Relais and other proxies, each
 * in a process of its own with the bench's configuration.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command, Option } from 'commander';
import { createCrew } from './bench/crew.ts';
import { allPeers } from './bench/peers.ts';
import { runPeer } from './conformance/run-peer.ts';
import { details, type PeerFindings, table } from './conformance/tally.ts';

interface Flags {
  readonly against: string;
  readonly show?: 'fail' | 'safe';
}

const names = allPeers.map(peer => peer.name);
const { against, show } = new Command('npm run conformance --')
  .description('Sends odd requests and answers through proxies, and judges what comes of them.')
  .addOption(
    new Option('--against <name>', 'which proxy').choices([...names, 'all']).default('relais'),
  )
  .addOption(
    new Option(
      '--show <kind>',
      'also print the cases that failed, or those that were only safe too',
    ).choices(['fail', 'safe']),
  )
  .exitOverride(error => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse()
  .opts<Flags>();

const crew = createCrew();
for (const [signal, code] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const]) {
  process.on(signal, () => {
    void crew.dismiss().finally(() => process.exit(code));
  });
}
const folder = await mkdtemp(path.join(tmpdir(), 'relais-conformance-'));
const results: PeerFindings[] = [];
let absent = false;
try {
  for (const peer of allPeers.filter(each => against === 'all' || against === each.name)) {
    if ((await peer.locate()) === undefined) {
      console.error(`${peer.name} is left out, it is not installed: ${peer.remedy}`);
      absent ||= against !== 'all';
      continue;
    }
    console.error(`${peer.name} …`);
    const result = await runPeer(crew, peer, folder);
    results.push(result);
    if (show !== undefined)
      console.log(details(result, show === 'safe' ? ['fail', 'safe'] : ['fail']));
  }
} finally {
  await crew.dismiss();
  await rm(folder, { recursive: true, force: true });
}
if (results.length > 0) console.log(table(results));
/** Others are compared, not judged. */
const ours = results.find(({ peer }) => peer === 'relais')?.findings ?? [];
process.exitCode = absent || ours.some(({ verdict }) => verdict.kind !== 'pass') ? 1 : 0;
