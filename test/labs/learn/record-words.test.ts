/** A record as the line that a learner reads as proof. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recordInWords } from '../../../labs/learn/record-words.ts';
import { request } from '../../support/history-builder.ts';

const clock = (at: number): string => `${at} ms`;

describe('a record in words', () => {
  it('tells a press of the button from a page', () => {
    const page = request(2_005, { visitor: 'zoe', number: 7, version: 'v2' });
    const press = request(2_015, { ...page, number: 8, engages: true, status: 204 });
    assert.match(recordInWords(page, 'en', clock), /^2000 ms {2}zoe #7: 200 from webapp1 v2, /);
    const told = recordInWords(press, 'fr', clock);
    assert.match(told, /zoe #8 \(POST \/engage\) : 204 de webapp1 v2, /);
  });
});
