import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type ParsedAnswer, parseAnswer } from '../../../proxy/http1/answer-template.ts';

const tutorial = path.resolve(import.meta.dirname, '../../../../test/fixtures/tutorial-2017');

function parsed(text: string, status = 503): ParsedAnswer {
  const result = parseAnswer(text, status, 'a.html');
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}

function refused(text: string, message: RegExp, status = 503): void {
  const result = parseAnswer(text, status, 'a.html');
  assert.ok(!result.ok, 'should be refused');
  assert.equal(result.error.code, 'PROXY_ANSWER_INVALID');
  assert.match(result.error.message, message);
}

describe('parseAnswer', () => {
  it('reads status line, fields and body, and keeps a custom reason', () => {
    const { template, warnings } = parsed('HTTP/1.1 503 en pause ☕\r\nA: b\r\nC:d\r\n\r\nx\r\ny');
    assert.deepEqual(template, {
      status: 503,
      reason: 'en pause ☕',
      fields: [
        ['A', 'b'],
        ['C', 'd'],
      ],
      body: 'x\r\ny',
      keepAlive: true,
    });
    assert.deepEqual(warnings, []);
  });

  for (const [file, status, reason] of [
    ['404.html', 404, 'nope'],
    ['503.html', 503, 'your application is in deployment'],
  ] as const) {
    it(`repairs the tutorial's ${file}, which lacks the blank line`, () => {
      const text = readFileSync(path.join(tutorial, file), 'utf8');
      const { template, warnings } = parsed(text, status);
      assert.equal(template.reason, reason);
      assert.deepEqual(template.fields, [
        ['Cache-Control', 'no-cache'],
        ['Content-Type', 'text/html; charset=UTF-8'],
      ]);
      assert.ok(template.body.startsWith('<!doctype html>\n<html>'));
      assert.ok(template.body.trimEnd().endsWith('</html>'));
      assert.equal(template.keepAlive, false);
      assert.equal(warnings.length, 1);
      assert.match(
        warnings[0]?.text ?? '',
        /^a\.html:5: .*blank line.*insert an empty line before line 5/,
      );
    });
  }

  it('drops the fields that the writer owns', () => {
    const { template } = parsed('HTTP/1.1 503 x\nContent-Length: 99\nConnection: keep-alive\n\nb');
    assert.deepEqual(template.fields, []);
    assert.equal(template.keepAlive, true);
  });

  it('keeps variables, and warns of those that nobody fills in', () => {
    const { template, warnings } = parsed('HTTP/1.1 503 x\nA: %ROUTE\n\n%MESSAGE 100%ROUTEX');
    assert.equal(template.body, '%MESSAGE 100%ROUTEX');
    assert.deepEqual(warnings, []);
    const sozu = parsed('HTTP/1.1 400 x\n\n%PARTIALLY_PARSED', 400);
    assert.match(sozu.warnings[0]?.text ?? '', /^a\.html: %PARTIALLY_PARSED is sent as it stands/);
  });

  it('accepts a file without body', () => {
    assert.equal(parsed('HTTP/1.1 503 x\nA: b').template.body, '');
    assert.equal(parsed('HTTP/1.1 503\n').template.reason, '');
  });

  it('refuses what it cannot send', () => {
    refused('', /a\.html:1: "" is not a status line/);
    refused('<!doctype html>', /:1: .*is not a status line; the file begins with "HTTP\/1.1 503/);
    refused('HTTP/1.1 404 x\n\n', /:1: the file answers 404 but is given for 503/);
    refused('HTTP/1.1 503 a\u0007b\n\n', /:1: .*control character/);
    refused('HTTP/1.1 503 a\rb\n\n', /:1: .*control character/);
    refused('HTTP/1.1 503 x\nA: b\u0000\n\n', /:2: .*control character/);
    refused(
      'HTTP/1.1 503 x\nTransfer-Encoding: chunked\n\n',
      /:2: transfer-encoding is not allowed/,
    );
    refused('HTTP/1.1 503 x\nContent Type: text/html\n\n', /:2: .*a name is one word/);
    refused('HTTP/1.1 503 x\nContent-Type : text/html\n\n', /:2: .*colon right behind/);
    refused('HTTP/1.1 503 x\nA: b\n c\n\n', /:3: .*join them/);
  });

  it('never throws, and never lets a line break into the head', () => {
    const piece = fc.constantFrom('A: b', '\r', '\n', '\r\n', '\0', '<p>', ' ', ':', 'é', '\u0085');
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 5 }))), pieces => {
        const result = parseAnswer(`HTTP/1.1 503 ${pieces.join('')}`, 503, 'a.html');
        if (!result.ok) return;
        const { template } = result.value;
        for (const text of [template.reason, ...template.fields.flat()]) {
          assert.doesNotMatch(text, /[\r\n\0]/);
        }
      }),
    );
  });
});
