/** What other terminals do to machines reaches the history, once, and before what they measured. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import { type HistoryEntry, Recorder } from '../../../labs/harness/run/recorder.ts';
import { type StageWatch, watchStage } from '../../../labs/learn/watch-stage.ts';
import { JournalReader, writeToJournal } from '../../../labs/stage/journal.ts';
import type { MachineStatus } from '../../../vms/machine.ts';
import { eventually } from '../../support/eventually.ts';

const address = '192.168.56.21:8080';
const running: MachineStatus = {
  name: 'webapp1',
  state: 'running',
  address,
  nominalAddress: address,
  forwarded: undefined,
  version: 'v1',
  appRunning: true,
  failures: [],
  pid: 1,
};
const measured: HistoryEntry = {
  kind: 'connect',
  machine: 'webapp1',
  address,
  outcome: 'refused',
  durationMs: 1,
};

describe('watchStage', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'relais-journal-'));
  const journal = new JournalReader(folder);
  let watch: StageWatch | undefined;
  after(() => {
    journal.close();
    rmSync(folder, { recursive: true });
  });
  afterEach(() => watch?.stop());

  function begin(): { readonly recorder: Recorder; set(...now: readonly MachineStatus[]): void } {
    let machines: readonly MachineStatus[] = [running];
    const recorder = new Recorder(() => performance.now());
    watch = watchStage({ status: async () => machines }, () => journal.next(), recorder);
    return {
      recorder,
      set: (...now) => {
        machines = now;
      },
    };
  }

  function told(recorder: Recorder): readonly string[] {
    return recorder.records.map(record =>
      record.kind === 'machine' ? [record.state, ...record.failures].join(' ') : record.kind,
    );
  }

  it('writes down each change once, and a machine that is gone', async () => {
    const { recorder, set } = begin();
    await eventually('the machine is seen', () => recorder.records.length === 1);
    set({ ...running, state: 'poweroff', failures: ['power-off'] });
    await eventually('it is off', () => recorder.records.length === 2);
    set();
    await eventually('it is gone', () => recorder.records.length === 3);
    assert.deepEqual(told(recorder), ['running', 'poweroff power-off', 'not-created']);
  });

  it('calls a dead app a crash, whoever has killed it', async () => {
    const { recorder, set } = begin();
    await eventually('the machine is seen', () => recorder.records.length === 1);
    set({ ...running, appRunning: false });
    await eventually('its death is seen', () => recorder.records.length === 2);
    assert.deepEqual(told(recorder), ['running', 'running crash']);
  });

  it('writes what was measured behind the change that it shows', async () => {
    const { recorder, set } = begin();
    await eventually('the machine is seen', () => recorder.records.length === 1);
    set({ ...running, failures: ['crash'], appRunning: false });
    writeToJournal(folder, [measured]);
    await eventually('both are seen', () => recorder.records.length === 3);
    assert.deepEqual(told(recorder), ['running', 'running crash', 'connect']);
  });
});

describe('the journal', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'relais-journal-'));
  after(() => rmSync(folder, { recursive: true }));

  it('takes nothing while nobody reads it', () => {
    writeToJournal(folder, [measured]);
    const reader = new JournalReader(folder);
    assert.deepEqual(reader.next(), []);
    writeToJournal(folder, [measured, measured]);
    assert.equal(reader.next().length, 2);
    assert.deepEqual(reader.next(), []);
    reader.close();
    assert.deepEqual(reader.next(), []);
  });
});
