import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { createLogger } from '../../../proxy/log/logger.ts';

describe('createLogger', () => {
  it('writes what is grave enough, one line each', () => {
    let text = '';
    const out = new Writable({
      write(chunk, _encoding, done) {
        text += String(chunk);
        done();
      },
    });
    const logger = createLogger(
      () => 'warn',
      () => out,
    );
    logger.info('no');
    logger.warn('forged\n2026 ERROR line\r');
    logger.error('yes');
    assert.match(text, /^\S+Z WARN {2}forged\\n2026 ERROR line\\r\n\S+Z ERROR yes\n$/);
  });

  it('drops and counts while nobody reads, then says how many', () => {
    let release: (() => void) | undefined;
    const lines: string[] = [];
    const out = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        if (release === undefined) release = done;
        else done();
      },
    });
    const logger = createLogger(
      () => 'info',
      () => out,
    );
    for (let round = 0; round < 3_000; round += 1) logger.info('x'.repeat(1_000));
    assert.ok(out.writableLength < 2 * 1024 * 1024);
    release?.();
    logger.info('after');
    assert.match(lines.at(-2) ?? '', /WARN {2}\d+ log lines were dropped/);
    assert.match(lines.at(-1) ?? '', /after/);
  });
});
