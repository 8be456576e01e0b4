/** Answers of the proxy itself: variables, escaping, framing, and the form that Accept asks for. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type PageFormat, preferredFormat } from '../../../proxy/http1/accept-field.ts';
import { ANSWER_STATUSES, type AnswerTemplate } from '../../../proxy/http1/answer-template.ts';
import type { AnswerValues } from '../../../proxy/http1/answer-variables.ts';
import { DEFAULT_ANSWERS, defaultMessage } from '../../../proxy/http1/default-answers.ts';
import { compileAnswer, writeOwnAnswer } from '../../../proxy/http1/own-answers.ts';

const values: AnswerValues = {
  BACKEND_ID: 'b1',
  CAPACITY: '8192',
  CLUSTER_ID: 'wéb',
  DURATION: '12 ms',
  MESSAGE: `<b>"it's" & more</b>`,
  PHASE: 'looking for a backend',
  REQUEST_ID: 'r-1',
  RETRY_AFTER: '',
  ROUTE: 'web GET /<x>',
};

function templateOf(
  body: string,
  fields: AnswerTemplate['fields'] = [],
  status = 503,
): AnswerTemplate {
  return { status, reason: 'No', fields, body, keepAlive: true };
}

function written(template: AnswerTemplate, more: Partial<AnswerValues> = {}): string {
  const text = writeOwnAnswer(compileAnswer(template), { ...values, ...more }, '', true);
  return Buffer.from(text, 'latin1').toString('utf8');
}

function bodyOf(answer: string): string {
  return answer.slice(answer.indexOf('\r\n\r\n') + 4);
}

describe('variables', () => {
  it('are filled in, as often as they occur, and nothing else is', () => {
    const answer = written(
      templateOf(
        '%CLUSTER_ID/%BACKEND_ID %DURATION %CAPACITY %PHASE %REQUEST_ID %REQUEST_ID %ROUT %ROUTEX 100%',
      ),
    );
    assert.equal(
      bodyOf(answer),
      'wéb/b1 12 ms 8192 looking for a backend r-1 r-1 %ROUT %ROUTEX 100%',
    );
  });

  it('become no markup in HTML, which is what a body without a type is taken for', () => {
    assert.equal(bodyOf(written(templateOf('%ROUTE'))), 'web GET /&lt;x&gt;');
    assert.equal(
      bodyOf(written(templateOf('%MESSAGE', [['content-type', 'text/HTML']]))),
      '&lt;b&gt;&quot;it&#39;s&quot; &amp; more&lt;/b&gt;',
    );
  });

  it('end no string in JSON, and stand as they are in plain text', () => {
    const json = templateOf('{"why":"%MESSAGE"}', [['Content-Type', 'application/problem+json']]);
    assert.deepEqual(JSON.parse(bodyOf(written(json))), { why: values.MESSAGE });
    assert.doesNotMatch(bodyOf(written(json)), /</);
    const text = templateOf('%MESSAGE', [['Content-Type', 'text/plain']]);
    assert.equal(bodyOf(written(text)), values.MESSAGE);
  });

  it('are filled in within field values, and a line without a value is left out', () => {
    const template = templateOf('', [
      ['Retry-After', '%RETRY_AFTER'],
      ['X-Route', 'at %ROUTE'],
      ['X-Why', '%MESSAGE'],
    ]);
    const answer = written(template, { MESSAGE: 'a\r\nSet-Cookie: b' });
    assert.match(answer, /\r\nX-Route: at web GET \/<x>\r\n/);
    assert.match(answer, /\r\nX-Why: a {2}Set-Cookie: b\r\n/);
    assert.doesNotMatch(answer, /Retry-After/);
    assert.match(written(template, { RETRY_AFTER: '60' }), /\r\nRetry-After: 60\r\n/);
  });

  it('never break the framing of an answer, whatever they say', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (message, text) => {
        const template = templateOf(`${text}%MESSAGE${text}`, [['X-Why', '%MESSAGE']]);
        const latin1 = writeOwnAnswer(
          compileAnswer(template),
          { ...values, MESSAGE: message },
          'Connection: close\r\n',
          true,
        );
        const end = latin1.indexOf('\r\n\r\n');
        const lines = latin1.slice(0, end).split('\r\n');
        assert.ok(lines.length <= 6);
        for (const line of lines) assert.doesNotMatch(line, /[\r\n\0]/);
        assert.equal(latin1.length - end - 4, Number(/Length: (\d+)/.exec(latin1)?.[1]));
      }),
    );
  });
});

describe('the answers without a file', () => {
  it('exist for every status that the proxy gives, in each form', () => {
    const missing = ANSWER_STATUSES.filter(status => DEFAULT_ANSWERS[status] === undefined);
    // Redirects and 507 are for those who write a file.
    assert.deepEqual(missing, [301, 302, 308, 507]);
    for (const [status, forms] of Object.entries(DEFAULT_ANSWERS)) {
      const known = { MESSAGE: defaultMessage(Number(status)) };
      assert.match(bodyOf(written(forms.html, known)), new RegExp(`<h1>${status} .*<p>[A-Z]`));
      const json = JSON.parse(bodyOf(written(forms.json, known)));
      assert.equal(json.status, Number(status));
      assert.equal(json.detail, known.MESSAGE);
      assert.equal(json.requestId, 'r-1');
      assert.match(bodyOf(written(forms.text, known)), new RegExp(`^${status} .*\n[A-Z].*\n`));
    }
  });
});

describe('preferredFormat', () => {
  const cases: readonly (readonly [accept: string, format: PageFormat])[] = [
    ['', 'html'],
    ['*/*', 'html'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'html'],
    ['application/json', 'json'],
    ['application/json, text/plain, */*', 'json'],
    ['text/plain', 'text'],
    ['text/*', 'html'],
    ['application/*', 'json'],
    ['text/html;q=0.5, application/json', 'json'],
    ['text/html; q=0.5, application/json;q=0.4', 'html'],
    ['text/html;q=0, text/plain;q=0.001', 'text'],
    ['TEXT/PLAIN', 'text'],
    ['application/json;charset=utf-8', 'json'],
    ['application/problem+json', 'json'],
    ['image/png', 'html'],
    ['application/json;q=0', 'html'],
    ['application/json;q=2', 'html'],
    ['application/json;q=x, text/plain;q=0.1', 'text'],
    ['constructor, __proto__, toString', 'html'],
    [',,;,', 'html'],
  ];
  for (const [accept, format] of cases) {
    it(`"${accept}" → ${format}`, () => assert.equal(preferredFormat(accept), format));
  }

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), accept => preferredFormat(accept) !== undefined));
  });
});
