/** Words on a line of their own, in both languages. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readWords } from '../../../../labs/learn/plain/read-words.ts';
import { KEYS } from '../../../../labs/learn/screen/keys.ts';
import { atWork, predicting, showing } from '../screen/sample-views.ts';

const asked = showing({ kind: 'question', ask: { en: 'Sure?', fr: 'Sûr ?' } });

describe('readWords', () => {
  it('reads English and French words, in any case, and the keys', () => {
    for (const word of ['next', 'suivant', 'n', ' NEXT ', 'Suivant']) {
      assert.deepEqual(readWords(word, atWork), { kind: 'next' }, word);
    }
    for (const word of ['hint', 'indice', 'h']) {
      assert.deepEqual(readWords(word, atWork), { kind: 'hint' }, word);
    }
    assert.deepEqual(readWords('pourquoi', atWork), { kind: 'why' });
    assert.deepEqual(readWords('français', atWork), { kind: 'language' });
    assert.deepEqual(readWords('quitter', atWork), { kind: 'quit' });
  });

  it('reads numbers behind words', () => {
    assert.deepEqual(readWords('go 3', atWork), { kind: 'go-to', step: 3 });
    assert.deepEqual(readWords('aller 3', atWork), { kind: 'go-to', step: 3 });
    assert.deepEqual(readWords('why 2', atWork), { kind: 'why', check: 2 });
    assert.deepEqual(readWords('go', atWork), { kind: 'list' });
  });

  it('takes a number alone for the prediction that is asked for', () => {
    assert.deepEqual(readWords('2', predicting), { kind: 'predict', choice: 2 });
    assert.equal(readWords('3', predicting), undefined);
    assert.equal(readWords('2', atWork), undefined);
  });

  it('answers questions in either language, and only then', () => {
    for (const word of ['y', 'yes', 'o', 'oui']) {
      assert.deepEqual(readWords(word, asked), { kind: 'yes' }, word);
    }
    for (const word of ['n', 'no', 'non']) {
      assert.deepEqual(readWords(word, asked), { kind: 'no' }, word);
    }
    assert.equal(readWords('oui', atWork), undefined);
  });

  it('knows every word for one request only', () => {
    const words = KEYS.flatMap(each => each.words);
    assert.equal(new Set(words).size, words.length);
    assert.ok(KEYS.every(({ words: [en = '', fr = ''] }) => en !== '' && fr !== ''));
  });

  it('passes over what means nothing', () => {
    for (const line of ['', 'hello', 'x'.repeat(1e6), '\x1b[A', 'constructor']) {
      assert.equal(readWords(line, atWork), undefined);
    }
  });
});
