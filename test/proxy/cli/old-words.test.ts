/** Lines of 2017 and 2018 in the words of today. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readOldWords } from '../../../proxy/cli/old-words.ts';

function read(line: string): string {
  const { words, refusal } = readOldWords(line.split(' '));
  return refusal === undefined ? words.join(' ') : `refused: ${refusal}`;
}

describe('old words', () => {
  const lines: readonly (readonly [string, string])[] = [
    [
      '-c application application add -i web -s',
      '-c application cluster add -i web --sticky-session',
    ],
    ['--config f -j application remove --id web', '--config f -j cluster remove --id web'],
    ['application add -i web -h', 'refused: TLS is not spoken, so there are no certificates'],
    [
      'application add -i web --https-redirect',
      'refused: TLS is not spoken, so there are no certificates',
    ],
    ['application add -i web --send-proxy', 'refused: the PROXY protocol is not spoken'],
    ['query applications -i web', 'cluster list -i web'],
    ['query applications -d a.org -j', 'cluster list -d a.org -j'],
    ['query certificates', 'query certificates'],
    ['logging -l debug', 'logging debug'],
    ['logging --level debug', 'logging debug'],
    ['upgrade -w 1', 'upgrade --worker 1'],
    ['certificate add --certificate a', 'refused: TLS is not spoken, so there are no certificates'],
    ['frontend add --id web --hostname a', 'frontend-2017 add --id web --hostname a'],
    ['frontend remove -i web --hostname a', 'frontend-2017 remove -i web --hostname a'],
    ['frontend http add --id web --hostname a', 'frontend-2017 add --id web --hostname a'],
    ['frontend http add -a x --host a id web', 'frontend http add -a x --hostname a id web'],
    ['frontend http add -a x --hostname a deny', 'frontend http add -a x --hostname a deny'],
    ['frontend list', 'frontend list'],
    ['frontend tcp add --id a', 'refused: only HTTP is relayed, so there are no TCP frontends'],
    [
      'frontend add --id w --hostname a --certificate=c',
      'refused: TLS is not spoken, so there are no certificates',
    ],
    ['backend add -i web -b true --ip a', 'backend add -i web -b --ip a'],
    ['backend add -i web --backup false --ip a', 'backend add -i web --ip a'],
    ['-s sock backend add -i web -s me', '-s sock backend add -i web --sticky-id me'],
    ['cluster add -i web -s', 'cluster add -i web --sticky-session'],
    ['backend list -s sock', 'backend list -s sock'],
    ['backend add -i true -b', 'backend add -i true -b'],
    ['-c f shutdown --hard', '-c f shutdown --hard'],
    ['-c', '-c'],
    ['constructor', 'constructor'],
  ];
  for (const [old, today] of lines) {
    it(`${old} is ${today}`, () => assert.equal(read(old), today));
  }

  it('may hold an option with a blank in its name, as in 2017', () => {
    const words = ['frontend', 'add', '--id', 'web', '--hostname', 'a', '--sticky session'];
    assert.equal(readOldWords(words).words.at(-1), '--sticky-session');
  });
});
