/** The steps as they were done: sentence, commands, checks, pictures. */

import { duration, moment } from '../../harness/figures.ts';
import type { HistoryRecord } from '../../harness/history.ts';
import type { CheckResult, RunResult, StepResult } from '../../harness/result.ts';
import { t } from '../../harness/text.ts';
import { checkAnchor } from './banner.ts';
import { both, prose } from './bilingual.ts';
import { type Html, html } from './html.ts';
import { type Shots, shotFigures } from './shots.ts';
import { sourceWords, verdictSigns, verdictWords } from './words.ts';

export function stepSections(
  result: RunResult,
  history: readonly HistoryRecord[],
  shots: Shots,
): Html {
  const pages = history.filter(record => record.kind === 'page');
  return html`<section aria-labelledby="steps">
<h2 id="steps">${both(t('Steps', 'Étapes'))}</h2>
${result.steps.map(
  (step, index) => html`<article class="step" aria-labelledby="step-${step.id}">
<h3 id="step-${step.id}"><span class="number">${index + 1}</span> ${both(step.title)}</h3>
<p class="when">${both(t('at', 'à'))} ${both(moment(step.startedAt))}, ${both(t('took', 'durée'))} ${both(duration(step.durationMs))}</p>
<p class="say">${prose(step.say)}</p>
${commands(step)}
<ul class="checks">${step.checks.map(check => checkItem(step, check))}</ul>
${shotFigures(step, pages, shots, result.language)}
</article>`,
)}
</section>`;
}

function commands({ commands: lines }: StepResult): Html | undefined {
  if (lines.length === 0) return undefined;
  return html`<pre class="commands"><code>${lines.map(
    (line, index) => html`${index === 0 ? '' : '\n'}<span class="prompt">$ </span>${line}`,
  )}</code></pre>`;
}

function checkItem(step: StepResult, check: CheckResult): Html {
  const { kind, because } = check.verdict;
  return html`<li class="${kind}" id="${checkAnchor(step.id, check.id)}">
<p class="claim"><span class="verdict"><span aria-hidden="true">${verdictSigns[kind]}</span> ${both(verdictWords[kind])}</span> ${prose(check.claim)}</p>
<p class="because">${because}${because === '' ? '' : ' · '}${both(sourceWords[check.source])} · ${both(duration(check.durationMs))}</p>
</li>`;
}
