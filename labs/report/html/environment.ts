/** Where and how the run took place: what somebody needs to do it again. */

import { duration } from '../../harness/figures.ts';
import type { RunResult } from '../../harness/result.ts';
import { type Text, t } from '../../harness/text.ts';
import { both } from './bilingual.ts';
import { type Fragment, type Html, html } from './html.ts';

export function environmentSection(result: RunResult): Html {
  const { environment, browser } = result;
  const facts: readonly (readonly [Text, Fragment])[] = [
    [t('lab', 'lab'), result.lab],
    [t('started', 'début'), html`<time datetime="${result.startedAt}">${result.startedAt}</time>`],
    [t('duration', 'durée'), both(duration(result.durationMs))],
    [t('machines', 'machines'), result.provider],
    [t('imitated failures', 'pannes imitées'), imitations(result)],
    [t('browser', 'navigateur'), browser.found ? browser.name : noBrowser(browser.reason)],
    [t('seed', 'graine'), environment.seed],
    [t('instance', 'instance'), environment.instance],
    [t('relais', 'relais'), environment.relais],
    [t('Node.js', 'Node.js'), environment.node],
    [t('platform', 'plateforme'), environment.platform],
  ];
  return html`<section aria-labelledby="environment">
<h2 id="environment">${both(t('Environment', 'Environnement'))}</h2>
<dl>${facts.map(([name, value]) => html`<div><dt>${both(name)}</dt><dd>${value}</dd></div>`)}</dl>
<p>${both(t('Every record of the run is in history.ndjson, beside this page. To do it again:', 'Chaque enregistrement est dans history.ndjson, à côté de cette page. Pour recommencer :'))}</p>
<pre class="commands"><code><span class="prompt">$ </span>npm run lab -- run ${result.lab} --machines ${result.provider} --seed ${environment.seed}</code></pre>
</section>`;
}

function imitations({ imitations: imitated }: RunResult): Html {
  const entries = Object.entries(imitated);
  if (entries.length === 0)
    return both(t('none: every failure was real', 'aucune : chaque panne était vraie'));
  return html`${entries.map(([verb, how], index) => html`${index === 0 ? undefined : html`<br>`}<code>${verb}</code>: ${how}`)}`;
}

function noBrowser(reason: string): Html {
  return html`${both(t('none', 'aucun'))}: ${reason}`;
}
