/** The verdict, large, and what needs attention. */

import { count, counted, duration, joined } from '../../harness/figures.ts';
import type { CheckResult, RunResult, StepResult } from '../../harness/result.ts';
import { type Text, t } from '../../harness/text.ts';
import { both, prose } from './bilingual.ts';
import { type Html, html } from './html.ts';
import { verdictSigns, verdictWords } from './words.ts';

export function banner(result: RunResult): Html {
  const { kind, because } = result.verdict;
  return html`<section class="banner ${kind}" aria-labelledby="verdict">
<p class="sign" aria-hidden="true">${verdictSigns[kind]}</p>
<div>
<h2 id="verdict">${both(verdictWords[kind])}</h2>
<p class="facts">${both(facts(result))}</p>
${kind === 'pass' || because === '' ? undefined : html`<p>${because}</p>`}
${result.interrupted ? html`<p><strong>${both(interrupted)}</strong></p>` : undefined}
${attention(result.steps)}
</div>
</section>`;
}

const interrupted = t(
  'The run was interrupted before its end: what follows is what was seen until then.',
  'L’exécution a été interrompue avant la fin : voici ce qui a été vu jusque-là.',
);

function facts({ steps, requests, durationMs }: RunResult): Text {
  const checks = steps.reduce((sum, step) => sum + step.checks.length, 0);
  const failed = count(requests.failed);
  const total = counted(requests.total, t('request', 'requête'), t('requests', 'requêtes'));
  const many = requests.failed > 1 ? 's' : '';
  return joined([
    counted(steps.length, t('step', 'étape'), t('steps', 'étapes')),
    counted(checks, t('check', 'vérification'), t('checks', 'vérifications')),
    t(`${total.en}, ${failed.en} failed`, `${total.fr}, ${failed.fr} échouée${many}`),
    duration(durationMs),
  ]);
}

function attention(steps: readonly StepResult[]): Html | undefined {
  const items = steps.flatMap(step =>
    step.checks
      .filter(check => check.verdict.kind !== 'pass')
      .map(check => attentionItem(step, check)),
  );
  return items.length === 0 ? undefined : html`<ul class="attention">${items}</ul>`;
}

function attentionItem(step: StepResult, { id, claim, verdict }: CheckResult): Html {
  return html`<li>${verdictSigns[verdict.kind]} <a href="#${checkAnchor(step.id, id)}">${prose(claim)}</a> (${both(verdictWords[verdict.kind])})</li>`;
}

export function checkAnchor(step: string, check: string): string {
  return `check-${step}-${check}`;
}
