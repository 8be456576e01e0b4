/** The page that lists all past runs. */

import { count, duration } from '../../harness/figures.ts';
import { type Language, t } from '../../harness/text.ts';
import type { FinishedRun, OtherRun, PastRun } from '../past-runs.ts';
import { both, prose } from './bilingual.ts';
import { type Html, html } from './html.ts';
import { renderPage } from './page.ts';
import { verdictSigns, verdictWords } from './words.ts';

/** Its links go into the folders beside it. */
export function renderRunsIndex(runs: readonly PastRun[], language: Language): string {
  const title = t('All runs', 'Toutes les exécutions');
  const body = html`<header><p class="kit">Relais</p>
<h1>${both(title)}</h1></header>
${runs.length === 0 ? html`<p>${both(t('There is no run yet.', 'Il n’y a pas encore d’exécution.'))}</p>` : runsTable(runs)}`;
  return renderPage(language, title[language], body);
}

const heads = [
  t('verdict', 'verdict'),
  t('lab', 'lab'),
  t('machines', 'machines'),
  t('started (UTC)', 'début (UTC)'),
  t('duration', 'durée'),
  t('requests', 'requêtes'),
  t('failed', 'échouées'),
  t('files', 'fichiers'),
];

function runsTable(runs: readonly PastRun[]): Html {
  const total = count(runs.length);
  return html`<div class="wide" role="group" aria-labelledby="runs" tabindex="0"><table class="runs">
<caption id="runs">${both(t(`The newest first (${total.en})`, `La plus récente d’abord (${total.fr})`))}</caption>
<thead><tr>${heads.map(head => html`<th scope="col">${both(head)}</th>`)}</tr></thead>
<tbody>${runs.map(run => ('problem' in run ? otherRow(run) : finishedRow(run)))}</tbody>
</table></div>`;
}

function finishedRow(run: FinishedRun): Html {
  const { verdict, interrupted, requests } = run;
  const { kind, because } = verdict;
  const why = kind === 'pass' ? undefined : html`<br><small>${because}</small>`;
  const cut = interrupted ? html` · ${both(t('interrupted', 'interrompue'))}` : undefined;
  return html`<tr><td class="${kind}"><span class="verdict"><span aria-hidden="true">${verdictSigns[kind]}</span> ${both(verdictWords[kind])}</span>${cut}${why}</td><th scope="row">${prose(run.title)}<br><small>${run.lab}</small></th><td>${run.provider}</td><td class="figure"><time datetime="${run.startedAt}">${run.startedAt.slice(0, 19).replace('T', ' ')}</time></td><td class="figure">${both(duration(run.durationMs))}</td><td class="figure">${both(count(requests.total))}</td><td class="figure">${both(count(requests.failed))}</td><td>${links(run)}</td></tr>`;
}

function otherRow(run: OtherRun): Html {
  const undecided = both(t('no result', 'sans résultat'));
  return html`<tr><td class="unknown"><span class="verdict"><span aria-hidden="true">?</span> ${undecided}</span></td><th scope="row">${run.name}</th><td colspan="5">${run.problem}</td><td>${links(run)}</td></tr>`;
}

function links({ name, files }: PastRun): readonly Html[] {
  return files.map(
    (file, index) =>
      html`${index === 0 ? '' : ' · '}<a href="./${encodeURIComponent(name)}/${file}">${file}</a>`,
  );
}
