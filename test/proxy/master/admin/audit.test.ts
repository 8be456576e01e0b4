import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { auditLine } from '../../../../proxy/master/admin/audit-line.ts';
import { AuditLog } from '../../../../proxy/master/admin/audit-log.ts';
import { targetOf } from '../../../../proxy/master/admin/changing-requests.ts';
import type { Asker } from '../../../../proxy/master/command-socket/command-session.ts';
import { ProxyError } from '../../../../proxy/shared/errors.ts';
import { eventually } from '../../../support/eventually.ts';

const stamp = { ts: '2024-01-01T00:00:00.000Z', seq: 1, pid: 2, version: '1' };
const origin = {
  via: 'socket',
  clientId: 'socket-1',
  by: { uid: 7, pid: 8, comm: 'relais' },
} as const;
const logger = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

function asker(told: string[] = []): Asker {
  return {
    origin,
    dryRun: false,
    reply: reply => told.push(reply.message),
    onClose: () => undefined,
  };
}

interface Line {
  readonly verb: string;
  readonly result: string;
  readonly message: string;
  readonly [key: string]: unknown;
}

function openLog(test: TestContext): { log: AuditLog; file: string; lines: () => Line[] } {
  const folder = mkdtempSync(path.join(tmpdir(), 'relais-audit-'));
  test.after(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'audit.log');
  const log = new AuditLog({ file, version: '1', logger, workers: () => 2 });
  return { log, file, lines: () => linesOf(file) };
}

function linesOf(file: string): Line[] {
  const text = readFileSync(file, 'utf8');
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Line);
}

describe('auditLine', () => {
  it('is one line of ASCII, whatever a client calls itself and its things', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, text, (user, target, message) => {
        const record = {
          origin: { ...origin, by: { user, comm: message } },
          verb: 'x',
          target,
          result: 'ok',
          message,
          elapsedMs: 1,
          dryRun: false,
        } as const;
        const line = auditLine(record, stamp);
        assert.match(line, /^[\x20-\x7e]*\n$/);
        const read = JSON.parse(line) as { target: string; actor: { user: string } };
        // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
        assert.doesNotMatch(read.target + read.actor.user, /[\u0000-\u001f\u007f-\u009f]/);
      }),
    );
  });

  it('names what a request is about, also one of a kind that is not known yet', () => {
    const backend = { clusterId: 'web', backendId: 'b', address: '127.0.0.1:1' };
    assert.deepEqual(targetOf({ kind: 'add-backend', backend }), {
      text: 'cluster web, backend b, address 127.0.0.1:1',
      clusterId: 'web',
      backendId: 'b',
    });
    assert.equal(targetOf({ kind: 'transaction', requests: [{}, {}] }).text, '2 requests');
    assert.equal(targetOf({ kind: 'upgrade-worker', workerId: 3 }).text, 'worker 3');
    assert.equal(targetOf({ kind: 'soft-stop' }).text, '');
  });
});

describe('AuditLog', () => {
  it('has a line for every change, done or refused, and none for a look', async test => {
    const { log, file, lines } = openLog(test);
    const told: string[] = [];
    const handle = log.watching(async (request, { reply }) => {
      if (request.kind === 'remove-cluster') throw new ProxyError('PROXY_NOT_FOUND', 'no such');
      if (request.kind === 'remove-backend') {
        throw new ProxyError('PROXY_WORKER_FAILED', 'worker 1 refused');
      }
      reply({ status: 'ok', message: 'done', content: { changes: [], workers: 2 } });
    });
    await handle({ kind: 'configure', settings: {} }, asker(told));
    await handle({ kind: 'status' }, asker(told));
    await assert.rejects(handle({ kind: 'remove-cluster', clusterId: 'x' }, asker()));
    const removed = { kind: 'remove-backend', clusterId: 'x', address: '127.0.0.1:1' } as const;
    await assert.rejects(handle(removed, asker()));
    log.invalid(origin, 'the message is not JSON');
    await log.close();
    assert.deepEqual(told, ['done', 'done']);
    assert.deepEqual(
      lines().map(({ seq, verb, result, message }) => [seq, verb, result, message]),
      [
        [1, 'configure', 'ok', 'done'],
        [2, 'remove-cluster', 'refused', 'no such'],
        [3, 'remove-backend', 'refused', 'worker 1 refused'],
        [4, '?', 'invalid', 'the message is not JSON'],
      ],
    );
    const [first, second, third] = lines();
    assert.deepEqual(first?.['fan_out'], { workers_ok: 2, workers_err: 0, workers_expected: 2 });
    assert.equal(second?.['fan_out'], null);
    assert.deepEqual(third?.['fan_out'], { workers_ok: 0, workers_err: 2, workers_expected: 2 });
    assert.match(String(first?.['request_sha256']), /^[0-9a-f]{64}$/);
    assert.equal(statSync(file).mode & 0o777, 0o640 & ~process.umask());
  });

  it('tells of a stop when it begins: later there is nobody to write', async test => {
    const { log, lines } = openLog(test);
    const handle = log.watching(async (_request, { reply }) => {
      reply({ status: 'processing', message: 'draining 2 workers' });
      await log.close();
      reply({ status: 'ok', message: 'ended' });
    });
    await handle({ kind: 'soft-stop' }, asker());
    assert.deepEqual(
      lines().map(({ verb, message }) => [verb, message]),
      [['soft-stop', 'draining 2 workers']],
    );
  });

  it('goes on in a new file when the old one was moved away', async test => {
    const { log, file } = openLog(test);
    log.invalid(origin, 'one');
    await eventually('the first line', () => linesOf(file).length === 1);
    renameSync(file, `${file}.1`);
    log.reopen();
    log.invalid(origin, 'two');
    await log.close();
    assert.deepEqual(
      [`${file}.1`, file].map(each => linesOf(each).map(({ message }) => message)),
      [['one'], ['two']],
    );
  });

  it('refuses no change because a disk is full, but counts the lines', async test => {
    const folder = mkdtempSync(path.join(tmpdir(), 'relais-audit-'));
    test.after(() => rmSync(folder, { recursive: true }));
    const said: string[] = [];
    const hearing = { ...logger, error: (text: string) => said.push(text) };
    const file = path.join(folder, 'no-such-folder', 'audit.log');
    const log = new AuditLog({ file, version: '1', logger: hearing, workers: () => 1 });
    const handle = log.watching(async (_request, { reply }) => {
      reply({ status: 'ok', message: 'done' });
    });
    for (let n = 0; n < 20; n++) await handle({ kind: 'configure', settings: {} }, asker());
    await eventually('the trouble is said', () => said.length > 0);
    await log.close();
    assert.equal(log.lines, 20);
    assert.equal(log.dropped, 20);
    assert.match(said[0] ?? '', /the audit log .* cannot be written: ENOENT/);
  });
});
