/** The judge's own reader: what it takes for one message, and what for a problem. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readAnswers, readRequests } from './strict-reader.ts';

const HOST = 'Host: web\r\n';

function request(fields: string, body = '', line = 'POST / HTTP/1.1'): string {
  return `${line}\r\n${HOST}${fields}\r\n${body}`;
}

describe('readRequests', () => {
  const read: readonly (readonly [title: string, text: string, bodies: readonly string[]])[] = [
    ['no body', request(''), ['']],
    ['a length', request('Content-Length: 5\r\n', 'hello'), ['hello']],
    ['chunks', request('Transfer-Encoding: Chunked\r\n', '3;a="b"\r\nabc\r\n0\r\n\r\n'), ['abc']],
    ['a coding below', request('Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n'), ['']],
    ['a trailer', request('Transfer-Encoding: chunked\r\n', '0\r\nX: y\r\n\r\n'), ['']],
    ['two in a row', request('Content-Length: 1\r\n', 'a') + request(''), ['a', '']],
    ['absolute form', request('', '', 'GET http://WEB/a?b HTTP/1.1'), ['']],
    ['HTTP/1.0 without Host', 'GET / HTTP/1.0\r\n\r\n', ['']],
    ['OPTIONS of everything', request('', '', 'OPTIONS * HTTP/1.1'), ['']],
  ];
  for (const [title, text, bodies] of read) {
    it(`reads ${title}`, () => {
      const { messages, rest, problem } = readRequests(text);
      assert.equal(problem, undefined);
      assert.deepEqual(
        messages.map(message => message.body),
        bodies,
      );
      assert.equal(rest, '');
    });
  }

  it('has no opinion on a beginning', () => {
    const whole = request('Transfer-Encoding: chunked\r\n', '3\r\nabc\r\n0\r\nX: y\r\n\r\n');
    for (let end = 0; end < whole.length; end++) {
      const { messages, rest, problem } = readRequests(whole.slice(0, end));
      assert.deepEqual([messages.length, rest.length, problem], [0, end, undefined]);
    }
  });

  const refused: readonly (readonly [title: string, text: string])[] = [
    ['both framings', request('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n')],
    ['two equal lengths', request('Content-Length: 5\r\nContent-Length: 5\r\n')],
    ['a list of lengths', request('Content-Length: 5, 5\r\n')],
    ['a signed length', request('Content-Length: +5\r\n')],
    ['a coding in HTTP/1.0', request('Transfer-Encoding: chunked\r\n', '', 'GET / HTTP/1.0')],
    ['chunked in the middle', request('Transfer-Encoding: chunked, gzip\r\n')],
    ['chunked twice', request('Transfer-Encoding: chunked, chunked\r\n')],
    ['a fold', request('X: a\r\n b\r\n')],
    ['a blank before the colon', request('X : a\r\n')],
    ['NUL in a value', request('X: \0\r\n')],
    ['a bare LF', 'GET / HTTP/1.1\nHost: web\r\n\r\n'],
    ['a bare CR', request('X: a\rb\r\n')],
    ['an empty line before', `\r\n${request('')}`],
    ['two blanks', request('', '', 'GET  / HTTP/1.1')],
    ['HTTP/0.9', 'GET /\r\n\r\n'],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n'],
    ['two Hosts', request(HOST)],
    ['a Host that is none', 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n'],
    ['two hosts', request('', '', 'GET http://other/ HTTP/1.1')],
    ['a tunnel', request('', '', 'CONNECT web:1 HTTP/1.1')],
    ['a relative target', request('', '', 'GET a HTTP/1.1')],
    ['a fragment', request('', '', 'GET /#a HTTP/1.1')],
    ['a chunk size with a blank', request('Transfer-Encoding: chunked\r\n', '5 \r\nhello\r\n')],
    ['a bare LF in a chunk line', request('Transfer-Encoding: chunked\r\n', '5;a\nhello\r\n')],
    ['a bare CR in a chunk line', request('Transfer-Encoding: chunked\r\n', '5\r\r\nhello\r\n')],
    ['long data', request('Transfer-Encoding: chunked\r\n', '1\r\nabc')],
    ['a framing trailer', request('Transfer-Encoding: chunked\r\n', '0\r\nHost: a\r\n\r\n')],
  ];
  for (const [title, text] of refused) {
    it(`refuses ${title}`, () => {
      const { messages, problem } = readRequests(text);
      assert.deepEqual(messages, []);
      assert.ok(problem);
    });
  }
});

describe('readAnswers', () => {
  const read: readonly (readonly [title: string, text: string, methods: string, bodies: string])[] =
    [
      ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab', 'GET', 'ab'],
      ['an interim one', 'HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 200 OK\r\n\r\nab', 'GET', ',ab'],
      ['the end of the connection', 'HTTP/1.1 200 \r\n\r\nab', 'GET', 'ab'],
      ['one to HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n', 'HEAD', ''],
      ['304', 'HTTP/1.1 304 Same\r\nContent-Length: 2\r\n\r\n', 'GET', ''],
      ['204', 'HTTP/1.1 204 No\r\n\r\n', 'GET', ''],
    ];
  for (const [title, text, methods, bodies] of read) {
    it(`reads ${title}`, () => {
      const { messages, problem } = readAnswers(text, methods.split(','), true);
      assert.equal(problem, undefined);
      assert.deepEqual(messages.map(message => message.body).join(','), bodies);
    });
  }

  const refused: readonly (readonly [title: string, text: string])[] = [
    ['no reason and no blank', 'HTTP/1.1 200\r\n\r\n'],
    ['status 600', 'HTTP/1.1 600 No\r\n\r\n'],
    ['a control in the reason', 'HTTP/1.1 200 a\0b\r\n\r\n'],
    ['a length in 204', 'HTTP/1.1 204 No\r\nContent-Length: 0\r\n\r\n'],
    ['a coding in 100', 'HTTP/1.1 100 Go\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['one too many', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n'],
  ];
  for (const [title, text] of refused) {
    it(`refuses ${title}`, () => {
      assert.ok(readAnswers(text, ['GET'], true).problem);
    });
  }

  it('waits for the end of a body that the connection ends', () => {
    const { messages, problem } = readAnswers('HTTP/1.1 200 OK\r\n\r\nab', ['GET'], false);
    assert.deepEqual([messages.length, problem], [0, undefined]);
  });
});
