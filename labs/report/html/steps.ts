/** The steps as they were done: sentence, commands, checks, pictures. */

import { duration, moment } from '../../harness/figures.ts';
import type { HistoryRecord } from '../../harness/history.ts';
import type { CheckResult, RunResult, StepResult } from '../../harness/result.ts';
import { t } from '../../harness/text.ts';
import type { Shots } from '../evidence/run-evidence.ts';
import type { ToldRequests } from '../evidence/told-requests.ts';
import { checkAnchor } from './banner.ts';
import { both, prose } from './bilingual.ts';
import { decidingRecords } from './deciding-records.ts';
import { type Html, html } from './html.ts';
import { shotFigures } from './shots.ts';
import { sourceWords, verdictSigns, verdictWords } from './words.ts';

export function stepSections(
  result: RunResult,
  history: readonly HistoryRecord[],
  shots: Shots,
  told: ToldRequests,
): Html {
  const pages = history.filter(record => record.kind === 'page');
  return html`<section aria-labelledby="steps">
<h2 id="steps">${both(t('Steps', 'Étapes'))}</h2>
${result.steps.map(
  (step, index) => html`<article class="step" aria-labelledby="step-${step.id}">
<h3 id="step-${step.id}"><span class="number">${index + 1}</span> ${both(step.title)}</h3>
<p class="when">${both(t('at', 'à'))} ${both(moment(step.startedAt))}, ${both(t('took', 'durée'))} ${both(duration(step.durationMs))}</p>
<p class="say">${prose(step.say)}</p>
${predictionList(step)}${commands(step)}
<ul class="checks">${step.checks.map(check => checkItem(step, check, told))}</ul>
${shotFigures(step, pages, shots, result.language)}
</article>`,
)}
</section>`;
}

/** What was asked before, and what then really happened. */
function predictionList({ prediction }: StepResult): Html | undefined {
  if (prediction === undefined) return undefined;
  const happened = t('this happened', 'c’est ce qui s’est passé');
  return html`<div class="prediction"><p>${prose(prediction.ask)}</p>
<ul>${prediction.choices.map(choice =>
    choice.happened
      ? html`<li><b>${prose(choice.text)}</b> ← ${both(happened)}</li>`
      : html`<li>${prose(choice.text)}</li>`,
  )}</ul></div>`;
}

/** Of what a command said; result.json has all of it. */
const MOST_LINES = 40;

function commands({ commands: lines, outputs }: StepResult): Html | undefined {
  if (lines.length === 0) return undefined;
  const shown = lines.map((line, index) => {
    const said = (outputs[index] ?? '').trimEnd();
    const answer = said === '' ? undefined : html`\n<span class="said">${firstLines(said)}</span>`;
    return html`${index === 0 ? '' : '\n'}<span class="prompt">$ </span>${line}${answer}`;
  });
  return html`<pre class="commands"><code>${shown}</code></pre>`;
}

function firstLines(text: string): string {
  const lines = text.split('\n');
  if (lines.length <= MOST_LINES) return text;
  return [...lines.slice(0, MOST_LINES), '…'].join('\n');
}

function checkItem(step: StepResult, check: CheckResult, told: ToldRequests): Html {
  const { kind, because } = check.verdict;
  return html`<li class="${kind}" id="${checkAnchor(step.id, check.id)}">
<p class="claim"><span class="verdict"><span aria-hidden="true">${verdictSigns[kind]}</span> ${both(verdictWords[kind])}</span> ${prose(check.claim)}</p>
<p class="because">${because}${because === '' ? '' : ' · '}${both(sourceWords[check.source])} · ${both(duration(check.durationMs))}</p>
${decidingRecords(check.verdict, told)}</li>`;
}
