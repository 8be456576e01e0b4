import assert from 'node:assert/strict';
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, readFileSync, readSync, renameSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { LineFile } from '../../../proxy/log/line-file.ts';
import { eventually } from '../../support/eventually.ts';
import { makeFolder } from '../../support/start-proxy.ts';

interface Told {
  readonly troubles: string[];
  readonly recoveries: number[];
}

function lineFile(
  target: { file: string } | { fd: number },
  maxWaitingBlocks = 4,
): { lines: LineFile; told: Told } {
  const told: Told = { troubles: [], recoveries: [] };
  const lines = new LineFile({
    target,
    maxWaitingBlocks,
    onTrouble: cause => told.troubles.push(cause),
    onRecovered: dropped => told.recoveries.push(dropped),
  });
  return { lines, told };
}

const long = 'x'.repeat(1000);

function readAll(file: string): string[] {
  return readFileSync(file, 'latin1').split('\n').slice(0, -1);
}

/** All whole lines that have come through the pipe up to now. */
function readLines(reader: number): () => string[] {
  const chunk = Buffer.alloc(65_536);
  let text = '';
  return () => {
    try {
      text += chunk.toString('latin1', 0, readSync(reader, chunk));
    } catch {
      // Empty for now.
    }
    return text.split('\n').slice(0, -1);
  };
}

describe('LineFile', () => {
  it('writes a few lines soon, and what is left when it is closed', async test => {
    const file = path.join(await makeFolder(test), 'access.log');
    const { lines } = lineFile({ file });
    lines.write('one\n');
    await eventually('the line is there', () => {
      try {
        return readAll(file).length === 1;
      } catch {
        return false;
      }
    });
    lines.write('two\n');
    await lines.close(5000);
    assert.deepEqual(readAll(file), ['one', 'two']);
  });

  it('keeps the order and every line of many blocks', async test => {
    const file = path.join(await makeFolder(test), 'access.log');
    const { lines } = lineFile({ file }, 64);
    for (let n = 0; n < 2000; n++) lines.write(`${n} ${long}\n`);
    await lines.close(5000);
    assert.equal(lines.linesDropped, 0);
    assert.deepEqual(
      readAll(file).map(line => Number(line.split(' ')[0])),
      Array.from({ length: 2000 }, (_, n) => n),
    );
  });

  it('goes on in a new file when the old one was moved away', async test => {
    const file = path.join(await makeFolder(test), 'access.log');
    const { lines } = lineFile({ file });
    lines.write('old\n');
    await eventually('the file is there', () => {
      try {
        return readAll(file).length === 1;
      } catch {
        return false;
      }
    });
    renameSync(file, `${file}.1`);
    lines.reopen();
    lines.write('new\n');
    await lines.close(5000);
    assert.deepEqual(readAll(`${file}.1`), ['old']);
    assert.deepEqual(readAll(file), ['new']);
  });

  it('finds out by itself that the file is gone', async test => {
    const file = path.join(await makeFolder(test), 'access.log');
    const { lines } = lineFile({ file });
    lines.write('old\n');
    await eventually('the file is there', () => {
      try {
        return readAll(file).length === 1;
      } catch {
        return false;
      }
    });
    renameSync(file, `${file}.1`);
    await eventually('a line is in the new file', () => {
      lines.write('new\n');
      try {
        return readAll(file).includes('new');
      } catch {
        return false;
      }
    });
    await lines.close(5000);
  });

  it('waits for a folder that is missing and then writes everything', async test => {
    const folder = await makeFolder(test);
    const { lines, told } = lineFile({ file: path.join(folder, 'later/access.log') });
    lines.write('kept\n');
    await eventually('the trouble is told', () => told.troubles.length === 1);
    execFileSync('mkdir', [path.join(folder, 'later')]);
    await lines.close(5000);
    assert.match(told.troubles[0] ?? '', /ENOENT/);
    assert.deepEqual(told.recoveries, [0]);
    assert.deepEqual(readAll(path.join(folder, 'later/access.log')), ['kept']);
  });

  it('drops and counts while the reader of a pipe has stopped, and goes on with it', async test => {
    const pipe = path.join(await makeFolder(test), 'pipe');
    execFileSync('mkfifo', [pipe]);
    const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    test.after(() => closeSync(reader));
    const { lines, told } = lineFile({ file: pipe }, 2);
    // The pipe takes 64 KiB, two blocks wait, one is being filled: the rest must go.
    for (let n = 0; n < 1000; n++) lines.write(`${n} ${long}\n`);
    const before = performance.now();
    await eventually('the trouble is told', () => told.troubles.length === 1);
    assert.equal(told.troubles[0], 'its reader has stopped');
    assert.ok(performance.now() - before < 20_000);
    assert.ok(lines.linesDropped > 500, String(lines.linesDropped));
    const read = readLines(reader);
    await eventually('it goes on', () => read() !== undefined && told.recoveries.length === 1);
    assert.deepEqual(told.recoveries, [lines.linesDropped]);
    lines.write('after\n');
    const closed = lines.close(5000);
    await eventually('everything that was kept is read', () => read().at(-1) === 'after');
    await closed;
    assert.equal(read().length, 1000 - lines.linesDropped + 1);
    assert.ok(
      read()
        .slice(0, -1)
        .every((line, n) => line === `${n} ${long}`),
    );
  });

  it('counts what it cannot write before its deadline', async test => {
    const { lines, told } = lineFile({
      file: path.join(await makeFolder(test), 'no-such-folder/access.log'),
    });
    for (let n = 0; n < 100; n++) lines.write(`${n} ${long}\n`);
    await lines.close(50);
    assert.equal(lines.linesDropped, 100);
    assert.deepEqual(told.recoveries, [100]);
  });

  it('mixes no lines of several processes that write to the same file', async test => {
    const file = path.join(await makeFolder(test), 'access.log');
    const writer = path.resolve(import.meta.dirname, '../../support/line-writer.js');
    const children = ['a', 'b', 'c'].map(name => fork(writer, [file, name, '2000']));
    const codes = await Promise.all(children.map(child => once(child, 'exit')));
    assert.deepEqual(
      codes.map(([code]) => code as number),
      [0, 0, 0],
    );
    const lines = readAll(file);
    assert.equal(lines.length, 6000);
    for (const name of ['a', 'b', 'c']) {
      const own = lines.filter(line => line.startsWith(name));
      assert.deepEqual(
        own,
        Array.from({ length: 2000 }, (_, n) => `${name} ${n} ${name.repeat(n % 1500)}`),
      );
    }
  });
});
