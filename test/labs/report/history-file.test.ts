/** What is read from history.ndjson, and how damage is told. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readHistory } from '../../../labs/report/history-file.ts';
import { sampleHistory } from './sample-run.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'relais-test-history-'));
});
after(() => rm(folder, { recursive: true }));

async function written(text: string): Promise<string> {
  const file = path.join(folder, 'history.ndjson');
  await writeFile(file, text);
  return file;
}

const lines = (history = sampleHistory()): string[] => history.map(one => JSON.stringify(one));

describe('readHistory', () => {
  it('reads back what was written', async () => {
    const file = await written(`${lines().join('\n')}\n`);
    assert.deepEqual(await readHistory(file), sampleHistory());
  });

  it('reads it with the line ends of Windows, too', async () => {
    const file = await written(`${lines().join('\r\n')}\r\n`);
    assert.deepEqual(await readHistory(file), sampleHistory());
  });

  it('reads a run in which nothing was recorded', async () => {
    assert.deepEqual(await readHistory(await written('')), []);
  });

  const [first = '', second = ''] = lines();
  const damages: readonly (readonly [string, string, RegExp])[] = [
    [
      'a line that was cut',
      `${first}\n${second.slice(0, 30)}`,
      /line 2 .*not JSON, or was cut off/,
    ],
    ['another file', '# Notes\n', /line 1 .*not JSON/],
    ['a list', '[1,2]\n', /line 1 .*"undefined" is no kind/],
    ['a record of another program', '{"kind":"ping","at":1}\n', /line 1 .*"ping" is no kind/],
    ['a record without time', '{"kind":"step","step":"a"}\n', /line 1 .*when/],
    ['a record without its parts', '{"kind":"step","at":1,"step":"a"}\n', /step without "phase"/],
    ['an empty line', `${first}\n\n${second}\n`, /line 2 /],
    ['lines in disorder', `${lines().at(-1)}\n${first}\n`, /line 2 .*older than the line before/],
  ];
  for (const [name, text, message] of damages) {
    it(`tells ${name} by its line`, async () => {
      const file = await written(text);
      await assert.rejects(readHistory(file), { code: 'LAB_ENVIRONMENT', message });
    });
  }
});
