import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { explainVagrantError, recogniseVagrantError } from '../../../vms/vagrant/explain-error.ts';
import { KNOWN_ERRORS } from '../../../vms/vagrant/known-errors.ts';
import { VAGRANT_ERRORS } from '../../support/vagrant-errors.ts';

describe('recogniseVagrantError', () => {
  for (const { kind, text, key, seen } of VAGRANT_ERRORS) {
    it(`${kind}: ${key ?? seen}`, () => assert.equal(recogniseVagrantError(text)?.kind, kind));
  }

  it('knows nothing that no text shows', () => {
    const shown = new Set(VAGRANT_ERRORS.map(({ kind }) => kind));
    assert.deepEqual(
      KNOWN_ERRORS.map(({ kind }) => kind).filter(kind => !shown.has(kind)),
      [],
    );
  });

  it('finds it wherever the lines are broken, and between others', () => {
    const text =
      "==> webapp1: Booting VM...\nTimed out while\n  waiting for the machine\nto boot. It's";
    assert.equal(recogniseVagrantError(text)?.kind, 'never-answers');
  });
});

describe('explainVagrantError', () => {
  it('says why and what to do, after what was said', () => {
    for (const { text } of VAGRANT_ERRORS) {
      const explained = explainVagrantError(text);
      assert.ok(explained.startsWith(text));
      assert.match(explained.slice(text.length), /^\n\nWhy: .+\.\nNext: .+\.$/);
    }
  });

  it('passes on whatever it does not know, unchanged', () => {
    const unknown = fc.string().filter(said => !recogniseVagrantError(said));
    fc.assert(fc.property(unknown, said => explainVagrantError(said) === said));
  });

  it('never loses a word of what it knows', () => {
    const anything = fc.tuple(
      fc.string(),
      fc.constantFrom(...VAGRANT_ERRORS.map(({ text }) => text)),
      fc.string(),
    );
    fc.assert(
      fc.property(anything, ([before, text, after]) =>
        explainVagrantError(before + text + after).startsWith(before + text + after),
      ),
    );
  });
});
