import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { completeWords, type Live } from '../../../proxy/cli/complete-words.ts';
import { createProgram } from '../../../proxy/cli/program.ts';
import { LOG_LEVELS } from '../../../proxy/shared/log-level.ts';

const program = createProgram(
  {
    terminal: { out: () => undefined, err: () => undefined },
    version: '1.2.3',
    environment: {},
    inheritedSockets: 0,
    program: '',
  },
  () => undefined,
);

const live: Live = {
  clusters: async () => ['web', 'api'],
  listeners: async () => ['127.0.0.1:80'],
  backends: async clusterId =>
    [
      { id: 'one', address: '127.0.0.1:1', clusterId: 'web' },
      { id: 'two', address: '127.0.0.1:2', clusterId: 'api' },
    ].filter(each => clusterId === undefined || each.clusterId === clusterId),
};

async function complete(line: string): Promise<string[]> {
  return (await completeWords(program, line.split(' '), live)).map(each => each.word);
}

describe('completeWords', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['cluster re', ['remove']],
    ['-c relais.toml cluster re', ['remove']],
    ['cluster remove -i ', ['web', 'api']],
    ['cluster remove --id=w', ['--id=web']],
    ['backend add -i web --backend-id ', ['one']],
    ['backend remove -i api -a ', ['127.0.0.1:2']],
    ['backend remove -a ', ['127.0.0.1:1', '127.0.0.1:2']],
    ['listener http update -a ', ['127.0.0.1:80']],
    ['frontend http add -a 127.0.0.1:80 --hostname x id ', ['web', 'api']],
    ['frontend list -a ', ['127.0.0.1:80']],
    ['logging ', LOG_LEVELS],
    ['logging --format ', ['json', 'ascii']],
    ['completion ', ['bash', 'zsh', 'fish']],
    ['cluster add --load-balancing-policy ma', ['maglev']],
    ['start --config ', []],
  ];
  for (const [line, words] of cases) {
    it(`"relais ${line}" → ${words.join(' ') || 'nothing'}`, async () => {
      assert.deepEqual(await complete(line), words);
    });
  }

  it('offers the options of the verb and those of every verb, but none that are hidden', async () => {
    const options = await complete('cluster add --');
    for (const wanted of ['--request-rate', '--json', '--timeout']) {
      assert.ok(options.includes(wanted), wanted);
    }
    assert.ok(!options.includes('--https-redirect'));
  });
});
