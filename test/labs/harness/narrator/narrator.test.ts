/** What a run tells, in both languages, with and without a live terminal. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadBalance } from '../../../../labs/catalogue/load-balance/lab.ts';
import { table, wrap } from '../../../../labs/harness/narrator/layout.ts';
import { createNarrator, type Terminal } from '../../../../labs/harness/narrator/narrator.ts';
import type { RunResult } from '../../../../labs/harness/result.ts';
import { Recorder } from '../../../../labs/harness/run/recorder.ts';
import { type Language, t } from '../../../../labs/harness/text.ts';
import { eventually } from '../../../support/eventually.ts';
import { connected, request } from '../../../support/history-builder.ts';

function terminal(fields: Partial<Terminal> = {}): Terminal & { text: string } {
  const made = {
    text: '',
    live: false,
    colour: false,
    columns: 80,
    ...fields,
    write(text: string) {
      made.text += text;
    },
  };
  return made;
}

function result(fields: Partial<RunResult> = {}): RunResult {
  return {
    schema: 1,
    lab: 'load-balance',
    title: loadBalance.title,
    language: 'en',
    provider: 'process',
    imitations: {},
    browser: { found: true, name: 'Chromium 1' },
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 8_240,
    environment: { relais: '0', node: 'v20', platform: 'linux-x64', seed: 42, instance: 0 },
    requests: { total: 312, failed: 0 },
    verdict: { kind: 'pass', because: '7 checks' },
    interrupted: false,
    steps: [],
    ...fields,
  };
}

function summary(fields: Partial<RunResult>, language: Language = 'en'): string {
  const screen = terminal();
  createNarrator(screen, language).summary(result(fields), '/runs/one');
  return screen.text;
}

describe('the narrator', () => {
  it('opens with the lab in the language asked for', () => {
    const screen = terminal();
    createNarrator(screen, 'fr').opening(loadBalance, { provider: 'netns', instance: 1, seed: 7 });
    assert.match(screen.text, /^Une adresse, trois machines\n/);
    assert.match(screen.text, /machines: netns · seed 7 · instance 1/);
  });

  it('sums a run up, with the way to the report', () => {
    assert.match(
      summary({}),
      /✔ Passed · 0 failed requests of 312 · 8\.24\ss\n {2}\/runs\/one\/report\.html/,
    );
    assert.match(summary({}, 'fr'), /✔ Réussi · 0 requête en échec sur 312/);
  });

  it('tells a failure with its reason', () => {
    const verdict = { kind: 'fail', because: 'two-browsers.names-differ: saw webapp1' } as const;
    assert.match(summary({ verdict }), /✘ Failed .*\n {2}two-browsers\.names-differ: saw webapp1/);
  });

  it('calls failures intended only when the lab passed', () => {
    const requests = { total: 9, failed: 3 };
    assert.match(summary({ requests }), /3 of 9 requests failed/);
    const verdict = { kind: 'fail', because: 'x' } as const;
    assert.match(summary({ requests, verdict }), /3 failed requests of 9/);
  });

  it('names what was imitated', () => {
    assert.match(
      summary({ imitations: { 'power-off': 'killed' } }),
      /! power-off: imitated: killed/,
    );
  });

  it('shows measured connects side by side', () => {
    const screen = terminal();
    createNarrator(screen, 'en').measured([
      { ...connected(1, 'webapp1', 'refused', 0.21), failure: 'crash' },
      { ...connected(1, 'webapp2', 'unreachable', 3_061), failure: 'power-off' },
    ]);
    assert.match(screen.text, /webapp1 +crash +0\.21\sms +refused\n/);
    assert.match(screen.text, /webapp2 +power-off +3\.06\ss +unreachable\n/);
  });

  it('indents every line of what the proxy answered', () => {
    const screen = terminal();
    createNarrator(screen, 'en').told('two changes\n  + one\n  - another');
    assert.equal(screen.text, '    → two changes\n        + one\n        - another\n');
    createNarrator(screen, 'en').told('');
    assert.match(screen.text, /another\n$/);
  });

  it('draws one line again and again on a live terminal, and wipes it before the next', async () => {
    const screen = terminal({ live: true });
    const narrator = createNarrator(screen, 'en');
    const recorder = new Recorder(() => performance.now());
    narrator.watch(recorder, ['alice']);
    recorder.append(request(1));
    await eventually('the count is drawn', () => screen.text.includes('webapp1 ● 1'));
    narrator.command('lab heal webapp1');
    narrator.closing();
    assert.ok(screen.text.endsWith('\r\u001b[2K  $ lab heal webapp1\n'), screen.text);
  });

  it('shows the words of what makes the machines under those of the kit', () => {
    const screen = terminal();
    createNarrator(screen, 'fr').command('lab down webapp2 --how power-off', [
      'vagrant halt --force webapp2',
    ]);
    assert.equal(
      screen.text,
      '  $ lab down webapp2 --how power-off\n    ou vagrant halt --force webapp2\n',
    );
  });

  it('writes no escape where there is neither a live terminal nor colour', () => {
    const screen = terminal();
    const narrator = createNarrator(screen, 'en');
    narrator.note(t('careful', 'attention'));
    narrator.command('lab up');
    assert.ok(!screen.text.includes('\u001b'));
  });

  it('writes colours where they are wanted', () => {
    const screen = terminal({ colour: true });
    createNarrator(screen, 'en').command('lab up');
    assert.match(screen.text, /lab up/);
  });
});

describe('layout', () => {
  it('wraps at words', () => {
    assert.deepEqual(wrap('one two three', 8), ['one two', 'three']);
    assert.deepEqual(wrap('unbreakable', 3), ['unbreakable']);
  });

  it('pads columns', () => {
    assert.deepEqual(
      table([
        ['a', 'bb'],
        ['ccc', 'd'],
      ]),
      ['a    bb', 'ccc  d'],
    );
  });
});
