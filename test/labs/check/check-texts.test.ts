/** What the gate says of a lab before it is run. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkTexts } from '../../../labs/check/check-texts.ts';
import { defineLab } from '../../../labs/harness/define-lab.ts';
import { hello } from '../../../labs/harness/kit.ts';
import type { Lab } from '../../../labs/harness/lab.ts';
import { t } from '../../../labs/harness/text.ts';

const words = t('Three machines', 'Trois machines');

function labWith(fields: { readonly say?: ReturnType<typeof t> }): Lab {
  return defineLab({
    id: 'texts',
    title: words,
    summary: words,
    minutes: 1,
    machines: { webapp1: { ip: '192.168.56.21', forwardedPort: 9091, app: hello('v1') } },
    backends: ['webapp1'],
    visitors: {},
    steps: ({ machines, expect }) => [
      {
        id: 'only',
        title: words,
        minutes: 1,
        say: words,
        act: [machines.down('webapp1', 'crash')],
        check: [{ id: 'gone', claim: words, probe: expect.status(503) }],
        ...fields,
      },
    ],
  });
}

function problems(lab: Lab): string {
  return checkTexts(lab)
    .map(({ where, problem }) => `${where}: ${problem ?? 'fine'}`)
    .join('\n');
}

describe('checkTexts', () => {
  it('wants steps, a browser, a prediction, a mistake, a recap, hints and diagnoses', () => {
    const told = problems(labWith({}));
    for (const wanted of [
      /lab: 1 steps; 3 to 7/,
      /no step is seen by a browser/,
      /no prediction/,
      /no mistake/,
      /no recap/,
      /only: 0 hints/,
      /no check has a diagnosis/,
    ]) {
      assert.match(told, wanted);
    }
  });

  it('finds what is not translated, empty, or written with straight quotes', () => {
    assert.match(problems(labWith({ say: t('Same', 'Same') })), /not translated: "Same"/);
    assert.match(problems(labWith({ say: t('Some', ' ') })), /a sentence is empty/);
    assert.match(problems(labWith({ say: t('Some', "l'autre") })), /a straight quote/);
  });
});
