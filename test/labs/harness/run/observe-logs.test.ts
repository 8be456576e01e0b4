/** Lines of growing logs become records, whole and once. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { observeLogs } from '../../../../labs/harness/run/observe-logs.ts';
import { Recorder } from '../../../../labs/harness/run/recorder.ts';
import { eventually } from '../../../support/eventually.ts';

async function linesOf(
  logs: Map<string, Buffer>,
  write: (
    add: (source: string, text: string) => void,
    read: () => Promise<unknown>,
  ) => Promise<void>,
): Promise<readonly unknown[]> {
  const recorder = new Recorder(() => 1);
  let reads = 0;
  const readLog = async (source: string, from: number): Promise<string> => {
    reads += 1;
    return (logs.get(source) ?? Buffer.alloc(0)).subarray(from).toString('utf8');
  };
  const read = (): Promise<unknown> => {
    const before = reads;
    return eventually('it was read again', () => reads > before + 1);
  };
  const observation = observeLogs([...logs.keys()], { readLog }, recorder);
  const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
  await write((source, text) => {
    logs.set(source, Buffer.concat([logs.get(source) ?? bytes(''), bytes(text)]));
  }, read);
  const isLast = (): boolean =>
    recorder.records.some(one => one.kind === 'log' && one.line === 'last');
  await eventually('the last line is there', async () => isLast());
  await observation.stop();
  return recorder.records.map(one =>
    one.kind === 'log' ? [one.source, one.line, one.requestId] : one,
  );
}

describe('observeLogs', () => {
  it('takes whole lines only, also when a character comes in two parts', async () => {
    const logs = new Map([['shop', Buffer.from('first\n')]]);
    const lines = await linesOf(logs, async (add, read) => {
      const globe = Buffer.from('🌍').toString('latin1');
      add('shop', `half ${globe.slice(0, 2)}`);
      await read();
      add('shop', `${globe.slice(2)}\n\nlast\n`);
    });
    assert.deepEqual(lines, [
      ['shop', 'first', undefined],
      ['shop', 'half 🌍', undefined],
      ['shop', 'last', undefined],
    ]);
  });

  it('knows the request of a line of JSON', async () => {
    const logs = new Map([['proxy', Buffer.alloc(0)]]);
    const lines = await linesOf(logs, async add => {
      add('proxy', '{"request_id":"alice-1"}\n{"request_id":3}\n{broken\nlast\n');
    });
    assert.deepEqual(lines, [
      ['proxy', '{"request_id":"alice-1"}', 'alice-1'],
      ['proxy', '{"request_id":3}', undefined],
      ['proxy', '{broken', undefined],
      ['proxy', 'last', undefined],
    ]);
  });

  it('knows the trace and the time, as the proxy and as an app tells them', async () => {
    const recorder = new Recorder(() => 1);
    const trace = 'a'.repeat(32);
    const text = `{"trace_id":"${trace}","duration_ms":2.5}\n{"traceparent":"00-${trace}-${'b'.repeat(16)}-01"}\n{"trace_id":null}\n`;
    const readLog = async (_: string, from: number) => text.slice(from);
    const observation = observeLogs(['proxy'], { readLog }, recorder);
    await eventually('three lines', () => recorder.records.length === 3);
    await observation.stop();
    const told = recorder.records.map(one => one.kind === 'log' && [one.traceId, one.durationMs]);
    assert.deepEqual(told, [
      [trace, 2.5],
      [trace, undefined],
      [undefined, undefined],
    ]);
  });

  it('reads nothing when no log is wanted', async () => {
    const readLog = () => Promise.reject(new Error('read'));
    await observeLogs([], { readLog }, new Recorder(() => 1)).stop();
  });
});
