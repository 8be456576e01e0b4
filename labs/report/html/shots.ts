/** Screenshots side by side, each with the machine that answered. */
import type { PageRecord } from '../../harness/history.ts';
import type { ShotResult, StepResult } from '../../harness/result.ts';
import { type Language, type Text, t } from '../../harness/text.ts';
import type { Shots } from '../evidence/run-evidence.ts';
import { both } from './bilingual.ts';
import { type Html, html, trusted } from './html.ts';

export function shotFigures(
  step: StepResult,
  pages: readonly PageRecord[],
  shots: Shots,
  language: Language,
): Html | undefined {
  if (step.shots.length === 0) return undefined;
  return html`<div class="shots">${step.shots.map(shot =>
    figure(
      step,
      shot,
      pages.findLast(page => page.shot === shot.file),
      shots,
      language,
    ),
  )}</div>`;
}

function figure(
  step: StepResult,
  shot: ShotResult,
  page: PageRecord | undefined,
  shots: Shots,
  language: Language,
): Html {
  const caption = `shot-${step.id}-${shot.id}`;
  const data = shots.get(shot.file);
  const picture =
    data === undefined
      ? html`<p class="missing">${both(t('No picture', 'Pas d’image'))}: ${shot.file}</p>`
      : html`<img src="data:image/png;base64,${trusted(data)}" alt="${shot.alt[language]}" aria-labelledby="${caption}" width="1024" height="576">`;
  return html`<figure>${picture}
<figcaption>${page === undefined ? undefined : pageLine(page)}
<span class="alt" id="${caption}">${both(shot.alt)}</span></figcaption></figure>`;
}

function pageLine(page: PageRecord): Html {
  const answered: Text =
    page.machine === undefined
      ? t('answered by the proxy itself', 'répondu par le proxy lui-même')
      : t(page.machine, page.machine);
  return html`<span class="page"><b>${both(answered)}</b>${page.version === undefined ? '' : ` ${page.version}`} · ${page.status} ${page.reason} · ${both(t('visitor', 'visiteur'))} ${page.visitor}</span>`;
}
