/** The two ways of looking that the engine has itself: browsers, and requests past the proxy. */
import path from 'node:path';
import { SECOND_PROXY } from '../actions.ts';
import { messageOf } from '../errors.ts';
import type { PageRecord } from '../history.ts';
import { directVisitor } from '../judge/direct.ts';
import type { Check, Step } from '../lab.ts';
import { leadsTo, type Place, urlAt } from '../place.ts';
import type { ShotResult } from '../result.ts';
import { isBrowserCheck } from './await-checks.ts';
import type { Recorder } from './recorder.ts';
import type { RunFolder } from './run-folder.ts';

/** Contexts used where a step has browser checks and no shots. */
const anybody = ['browser-1', 'browser-2'];

/** A browser as the engine needs it: every visitor has a context of their own. */
export interface Viewer {
  visit(
    visitor: string,
    url: string,
    options?: { readonly shot?: string },
  ): Promise<Omit<PageRecord, 'kind' | 'at'>>;
}

/** One context is enough for the ports of single machines: they are opened one after the other. */
const DIRECT_BROWSER = 'direct';

export interface Look {
  readonly visitor: string;
  readonly url: string;
  /** Inside the run folder. */
  readonly shot?: string;
}

/** What a step's shots, and its checks on forwarded ports, ask browsers to open. */
export function looksOf(
  step: Step,
  url: string,
  forwardedPorts: Readonly<Record<string, number>>,
  folder: RunFolder,
): readonly Look[] {
  const shots = (step.see ?? []).map(shot => ({
    visitor: shot.visitor,
    url: urlAt(url, shot.at),
    shot: folder.shot(`${step.id}.${shot.id}.png`),
  }));
  const direct = machinesOfDirectChecks(step).map(machine => ({
    visitor: DIRECT_BROWSER,
    url: `http://localhost:${forwardedPorts[machine]}/`,
  }));
  const unseen = placesOf(step).filter(place => !shots.some(shot => leadsTo(shot.url, place)));
  const plain = unseen.flatMap(at => anybody.map(visitor => ({ visitor, url: urlAt(url, at) })));
  return [...shots, ...plain, ...direct];
}

/** Where the step's checks expect a browser to look, each place once. */
function placesOf(step: Step): readonly Place[] {
  const places = step.check.flatMap(({ probe }): readonly Place[] => {
    if (probe.kind === 'pages-differ') return [{}];
    return probe.kind === 'page' ? [probe.at ?? {}] : [];
  });
  return places.filter((one, index) => places.findIndex(other => isSame(one, other)) === index);
}

function isSame(one: Place, other: Place): boolean {
  return one.host === other.host && one.path === other.path;
}

/** Names with a port on this computer that the engine asks while the step's checks are open. */
export function directMachines(step: Step): readonly string[] {
  const second = step.check.some(({ probe }) => probe.kind === 'second-proxy');
  return [...machinesOfDirectChecks(step), ...(second ? [SECOND_PROXY] : [])];
}

/** Browsers look at these, and not at the second proxy: they would take turns that nobody counts. */
function machinesOfDirectChecks(step: Step): readonly string[] {
  return step.check.flatMap(({ probe }) => (probe.kind === 'direct' ? [probe.machine] : []));
}

export function isAskedDirectly({ probe }: Check): boolean {
  return probe.kind === 'direct' || probe.kind === 'second-proxy';
}

/** Somebody has to look before it can be judged. */
export function isLookedAt(check: Check): boolean {
  return isBrowserCheck(check) || isAskedDirectly(check);
}

export function shotResults(step: Step, looks: readonly Look[]): readonly ShotResult[] {
  return (step.see ?? []).flatMap((shot, index) => {
    const file = looks[index]?.shot;
    return file === undefined ? [] : [{ id: shot.id, alt: shot.alt, file }];
  });
}

/** All visitors at once, recorded together. Returns what went wrong, if something did. */
export async function lookOnce(
  browser: Viewer,
  looks: readonly Look[],
  recorder: Recorder,
  folder: RunFolder,
): Promise<string | undefined> {
  const visitors = [...new Set(looks.map(({ visitor }) => visitor))];
  const tours = await Promise.allSettled(
    visitors.map(async visitor => {
      const pages: Omit<PageRecord, 'kind' | 'at'>[] = [];
      for (const look of looks) {
        if (look.visitor === visitor) pages.push(await see(browser, look, folder));
      }
      return pages;
    }),
  );
  let problem: string | undefined;
  for (const tour of tours) {
    if (tour.status === 'rejected') problem ??= messageOf(tour.reason);
    else for (const seen of tour.value) recorder.append({ kind: 'page', ...seen });
  }
  return problem;
}

async function see(
  browser: Viewer,
  { visitor, url, shot }: Look,
  folder: RunFolder,
): Promise<Omit<PageRecord, 'kind' | 'at'>> {
  if (shot === undefined) return browser.visit(visitor, url);
  const page = await browser.visit(visitor, url, { shot: path.join(folder.folder, shot) });
  return { ...page, shot };
}

const DIRECT_LIMIT_MS = 3_000;

/** One request to each forwarded port, recorded like a visitor's. */
export async function askDirectly(
  machines: readonly string[],
  forwardedPorts: Readonly<Record<string, number>>,
  recorder: Recorder,
  number: number,
): Promise<void> {
  await Promise.all(
    machines.map(async machine => {
      const startedAt = recorder.now();
      const answer = await askOnce(`http://127.0.0.1:${forwardedPorts[machine]}/`);
      recorder.append({
        kind: 'request',
        visitor: directVisitor(machine),
        keepAlive: false,
        number,
        startedAt,
        durationMs: recorder.now() - startedAt,
        ...answer,
      });
    }),
  );
}

async function askOnce(
  url: string,
): Promise<{ status?: number; machine?: string; version?: string; error?: string }> {
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/json', connection: 'close' },
      signal: AbortSignal.timeout(DIRECT_LIMIT_MS),
    });
    await response.arrayBuffer();
    const machine = response.headers.get('x-relais-machine');
    const version = response.headers.get('x-relais-version');
    return {
      status: response.status,
      ...(machine === null ? {} : { machine }),
      ...(version === null ? {} : { version }),
    };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { error: (cause as NodeJS.ErrnoException).code ?? messageOf(cause) };
  }
}
