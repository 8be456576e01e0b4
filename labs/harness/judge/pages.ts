/** What browsers saw through the proxy; each visitor is a browser context of its own. */
import type { PageRecord } from '../history.ts';
import { leadsTo, type Place } from '../place.ts';
import {
  type Evidence,
  type Judgement,
  judgement,
  latestPerVisitor,
  proxiedPages,
} from './evidence.ts';

const noPage: Judgement = judgement(
  'unknown',
  'no browser has looked',
  'aucun navigateur n’a regardé',
);

function latestPages(evidence: Evidence, at?: Place): readonly PageRecord[] {
  const there = proxiedPages(evidence).filter(({ url }) => leadsTo(url, at));
  return [...latestPerVisitor(there).values()];
}

export function judgePagesDiffer(evidence: Evidence, atLeast: number): Judgement {
  const pages = latestPages(evidence);
  if (pages.length === 0) return noPage;
  const urls = new Set(pages.map(({ url }) => url));
  const machines = new Set(pages.flatMap(({ machine }) => machine ?? []));
  const names = [...machines].join(', ') || '–';
  const browsers = pages.length;
  const ok = machines.size >= atLeast && urls.size === 1;
  return judgement(
    ok ? 'pass' : 'fail',
    `${browsers} browsers at ${[...urls].join(', ')} saw ${names}`,
    `${browsers} navigateurs sur ${[...urls].join(', ')} ont vu ${names}`,
    pages,
  );
}

interface PageWanted {
  readonly status: number;
  readonly text: string;
  readonly reason?: string;
  readonly at?: Place;
}

export function judgePage(evidence: Evidence, wanted: PageWanted): Judgement {
  const pages = latestPages(evidence, wanted.at);
  const wrong = pages.find(seen => !shows(seen, wanted));
  const page = wrong ?? pages[0];
  if (page === undefined) return noPage;
  const shown = `${page.status} ${page.reason} · ${page.text.slice(0, 60)}`.trim();
  return judgement(
    wrong === undefined ? 'pass' : 'fail',
    `the browser shows: ${shown}`,
    `le navigateur affiche : ${shown}`,
    [page],
  );
}

function shows(page: PageRecord, wanted: PageWanted): boolean {
  const { status, text, reason } = wanted;
  if (page.status !== status || !page.text.includes(text)) return false;
  return reason === undefined || page.reason === reason;
}
