/** The access log as the proxy really writes it, read for a report. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { parseProxyLine, readProxyLog } from '../../../../labs/report/evidence/proxy-log.ts';
import { jsonLines } from '../../../../proxy/log/json-line.ts';
import { LogClock } from '../../../../proxy/log/log-clock.ts';
import { loggedRequest } from '../../../support/logged-request.ts';

const write = jsonLines(2, new LogClock());

function written(requestId: string): string {
  const backend = { clusterId: 'web', backendId: 'b2', address: '127.0.0.1:9002' };
  const attempts = [{ backend, outcome: 'refused', durationMs: 0.25, status: 0 }];
  return write(loggedRequest({ requestId, attempts }), '127.0.0.1:8080', 1_004);
}

describe('parseProxyLine', () => {
  it('reads what the proxy writes', () => {
    const line = parseProxyLine(written('alice-7'));
    assert.deepEqual(
      [line?.request_id, line?.worker, line?.backend, line?.chosen_by, line?.chosen_among],
      ['alice-7', 2, 'b1', 'round-robin', 3],
    );
    assert.deepEqual(
      line?.tries?.map(({ backend, outcome }) => [backend, outcome]),
      [['b2', 'refused']],
    );
  });

  it('takes nothing else for a line', () => {
    for (const text of ['', 'null', '{}', '{"request_id":"a"}', written('a').slice(0, 90)]) {
      assert.equal(parseProxyLine(text), undefined, text);
    }
  });
});

describe('readProxyLog', () => {
  it('has the wanted requests, whatever else stands in the file', async test => {
    const folder = await mkdtemp(path.join(tmpdir(), 'relais-test-log-'));
    test.after(() => rm(folder, { recursive: true }));
    const file = path.join(folder, 'access.log');
    const lines = [written('alice-1'), 'rubbish\n', written('stranger'), written('bob-1')];
    await writeFile(file, lines.join('') + written('alice-2').slice(0, 50));
    const log = await readProxyLog(file, new Set(['alice-1', 'alice-2', 'bob-1']));
    assert.deepEqual([...log.keys()].sort(), ['alice-1', 'bob-1']);
  });

  it('is empty without a file', async () => {
    const log = await readProxyLog(path.join(tmpdir(), 'no-such.log'), new Set(['a']));
    assert.equal(log.size, 0);
  });
});
