/** `--online` asks the places that npm and apt are set up for, by npm and apt, and no others. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tryDownloads } from '../../../labs/doctor/trials/try-downloads.ts';
import { recordedSystem } from '../../support/recorded-system.ts';

const HELPER = '/usr/lib/apt/apt-helper';

function computer(pong: string | { exitCode: number; stdout: string; stderr: string }) {
  const asked: string[] = [];
  const system = recordedSystem({
    files: { [HELPER]: '' },
    said: {
      'npm config get registry': 'https://lea:geheim@npm.school.example/\n',
      'npm ping': pong,
      'apt-get update --print-uris':
        "'http://mirror.school.example/debian/dists/bookworm/InRelease' a 0\n" +
        "'http://mirror.school.example/debian/dists/bookworm-updates/InRelease' b 0\n" +
        "'https://other.example/InRelease' c 0\n",
    },
  });
  const run: typeof system.run = async argv => {
    asked.push(argv.slice(0, 3).join(' '));
    if (argv[0] !== HELPER) return system.run(argv);
    const isThere = argv[2]?.includes('mirror') === true;
    return { exitCode: isThere ? 0 : 100, stdout: '', stderr: isThere ? '' : 'E: Failed to fetch' };
  };
  return { asked, system: { ...system, run } };
}

describe('tryDownloads', () => {
  it('asks each host once', async () => {
    const { asked, system } = computer('pong');
    assert.deepEqual(await tryDownloads(system), [
      { use: 'npm', host: 'npm.school.example' },
      { use: 'apt', host: 'mirror.school.example' },
      { use: 'apt', host: 'other.example', problem: 'E: Failed to fetch' },
    ]);
    assert.equal(asked.filter(line => line.startsWith(HELPER)).length, 2);
  });

  it('tells what npm said, without the password', async () => {
    const stderr =
      'npm error code ENOTFOUND\nnpm error network request to https://lea:geheim@npm.school.example/ failed\n';
    const { system } = computer({ exitCode: 1, stdout: '', stderr });
    const [npm] = await tryDownloads(system);
    assert.match(npm?.problem ?? '', /request to https:\/\/npm\.school\.example/);
    assert.doesNotMatch(JSON.stringify(npm), /geheim/);
  });

  it('asks nobody where neither is installed', async () => {
    assert.deepEqual(await tryDownloads(recordedSystem({})), []);
  });
});
