/** The page of `/chain`: which service called which, under one trace. */
import type { Identity } from './identity.ts';
import { escapeHtml, layout, type PageContext } from './page.ts';
import { type Language, t } from './text.ts';
import type { TraceContext } from './trace-context.ts';

export interface ChainLink extends TraceContext {
  readonly machine: string;
  readonly version: string;
  readonly site: string;
  readonly requestId: string;
  readonly upstream?: {
    readonly url: string;
    readonly status: number;
    /** The upstream's own link when it is such a service; else what it said. */
    readonly body: unknown;
  };
}

const words = {
  title: t('A chain of services', 'Une chaîne de services'),
  request: t('Request', 'Requête'),
  trace: t('Trace', 'Trace'),
  services: t('Services, in the order of the calls', 'Services, dans l’ordre des appels'),
};

export function chainPage(identity: Identity, link: ChainLink, context: PageContext): string {
  const { language } = context;
  const facts = [
    [words.request, link.requestId, 'request-id'],
    [words.trace, link.traceId, 'trace-id'],
  ] as const;
  const list = facts.map(
    ([name, value, id]) =>
      `<dt>${name[language]}</dt><dd data-testid="${id}">${escapeHtml(value)}</dd>`,
  );
  const content = `<h1 class="title">${words.title[language]}</h1>
          <dl class="facts">${list.join('')}</dl>
          ${serviceList(link, language)}`;
  return layout(identity, `${words.title[language]} · ${identity.machine}`, content, context);
}

function serviceList(link: ChainLink, language: Language): string {
  const items = machinesOf(link).map(name => `<li>${escapeHtml(name)}</li>`);
  const label = words.services[language];
  return `<ol class="services" data-testid="services" aria-label="${label}">${items.join('')}</ol>`;
}

function machinesOf(link: ChainLink): string[] {
  const { machine, upstream } = link;
  if (upstream === undefined) return [machine];
  const next = upstream.body as Partial<ChainLink> | null;
  if (typeof next?.machine !== 'string') return [machine, `${upstream.url} (${upstream.status})`];
  return [machine, ...machinesOf(next as ChainLink)];
}
