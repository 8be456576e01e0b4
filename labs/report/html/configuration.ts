/** The files that the proxy was started with. */

import { count } from '../../harness/figures.ts';
import { t } from '../../harness/text.ts';
import type { ConfigFile } from '../evidence/config-files.ts';
import { both } from './bilingual.ts';
import { type Html, html } from './html.ts';

export function configurationSection(files: readonly ConfigFile[]): Html | undefined {
  if (files.length === 0) return undefined;
  return html`<section aria-labelledby="configuration">
<h2 id="configuration">${both(t('Configuration of the proxy', 'Configuration du proxy'))}</h2>
<p>${both(t('As it was at the start; what was changed live is among the commands of the steps.', 'Telle qu’au départ ; ce qui a été changé à chaud figure parmi les commandes des étapes.'))}</p>
${files.map((file, index) => shown(file, index === 0))}
</section>`;
}

function shown({ name, text, leftOut }: ConfigFile, isOpen: boolean): Html {
  const bytes = count(leftOut);
  const body = html`<summary><code>${name}</code></summary><pre class="config"><code>${text}</code></pre>${
    leftOut === 0
      ? undefined
      : html`<p>${both(t(`${bytes.en} more bytes are in the file.`, `${bytes.fr} octets de plus sont dans le fichier.`))}</p>`
  }`;
  return isOpen ? html`<details open="">${body}</details>` : html`<details>${body}</details>`;
}
