/**
 * Pages as visitors see them. Each visitor has a browser context of their own, with its own
 * cookies and connections: what the tutorial calls "different browsers".
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, BrowserContext, Page, Response } from 'playwright';
import type { PageRecord } from '../harness/history.ts';
import type { Language } from '../harness/text.ts';
import { type LaunchRequest, launchBrowser } from './launch.ts';

export interface BrowserRequest extends LaunchRequest {
  /** What the browser asks for in Accept-Language. */
  readonly language: Language;
}

/** What a visit showed; the history adds when. */
export type PageSeen = Omit<PageRecord, 'kind' | 'at'>;

export interface LabBrowser {
  readonly version: string;
  /** Something the learner should know about how the browser runs. */
  readonly note: string | undefined;
  /** Opens `url` as visitor `label`; a visitor who comes again reloads. */
  visit(label: string, url: string, options?: { readonly shot?: string }): Promise<PageSeen>;
  close(): Promise<void>;
}

/** Longer than any total deadline of the proxy: its answer counts, not our patience. */
const VISIT_LIMIT_MS = 20_000;
const viewport = { width: 1024, height: 576 };
const locales: Readonly<Record<Language, string>> = { en: 'en-GB', fr: 'fr-FR' };

export async function openBrowser(request: BrowserRequest): Promise<LabBrowser> {
  const { browser, note, close } = await launchBrowser(request);
  const tabs = new Map<string, Tab>();
  return {
    version: browser.version(),
    note,
    visit(label, url, { shot } = {}) {
      const tab = tabs.get(label) ?? openTab(browser, request.language);
      tabs.set(label, tab);
      const visit = tab.idle.then(async () => see(await tab.page, label, url, shot));
      tab.idle = visit.catch(() => undefined);
      return visit;
    },
    close,
  };
}

/** A visitor's page, and when it is free: two visits at once would break into each other. */
interface Tab {
  readonly page: Promise<Page>;
  idle: Promise<unknown>;
}

function openTab(browser: Browser, language: Language): Tab {
  const page = newPage(browser, language);
  return { page, idle: page.catch(() => undefined) };
}

async function newPage(browser: Browser, language: Language): Promise<Page> {
  const context: BrowserContext = await browser.newContext({ viewport, locale: locales[language] });
  context.setDefaultTimeout(VISIT_LIMIT_MS);
  return context.newPage();
}

async function see(
  page: Page,
  label: string,
  url: string,
  shot: string | undefined,
): Promise<PageSeen> {
  const response = await open(page, label, url);
  const headers = response.headers();
  const machine = headers['x-relais-machine'];
  const version = headers['x-relais-version'];
  const text = foldSpace(await page.locator('body').innerText());
  if (shot !== undefined) await shoot(page, shot);
  return {
    visitor: label,
    url,
    status: response.status(),
    reason: response.statusText(),
    text,
    ...(machine !== undefined && { machine }),
    ...(version !== undefined && { version }),
    ...(shot !== undefined && { shot }),
  };
}

async function open(page: Page, label: string, url: string): Promise<Response> {
  let answered: Response | undefined;
  const note = (response: Response): void => {
    if (response.frame() === page.mainFrame() && response.request().isNavigationRequest()) {
      answered = response;
    }
  };
  page.on('response', note);
  try {
    const options = { timeout: VISIT_LIMIT_MS, waitUntil: 'load' } as const;
    const again = sameAddress(page.url(), url);
    const response = again ? await page.reload(options) : await page.goto(url, options);
    if (response !== null) return response;
    throw new Error('the browser showed a page without asking for it');
  } catch (error) {
    await settle(page, error);
    // For an error status without a body Chromium shows a page of its own and reports a failure.
    if (answered !== undefined && String(error).includes('ERR_HTTP_RESPONSE_CODE_FAILURE')) {
      return answered;
    }
    throw visitError(label, url, error);
  } finally {
    page.off('response', note);
  }
}

/** Chromium's own error page comes a moment later, and would break into the next visit. */
async function settle(page: Page, error: unknown): Promise<void> {
  if (!String(error).includes('net::ERR_')) return;
  const errorPage = /^chrome-error:/;
  await page.waitForURL(errorPage, { timeout: 2_000 }).catch(() => {
    // It never came: then nothing is in the way of the next visit.
  });
}

function sameAddress(shown: string, asked: string): boolean {
  return URL.canParse(asked) && shown === new URL(asked).href;
}

function visitError(label: string, url: string, cause: unknown): Error {
  const told = (String(cause).split('\n', 1)[0] ?? '').replace(/^\w*Error: page\.\w+: /, '');
  const late = /Timeout \d+ms exceeded/.test(told);
  const reason = late ? `no complete page came in ${VISIT_LIMIT_MS / 1000} s` : told;
  return new Error(`the browser of visitor ${label} could not open ${url}: ${reason}`, { cause });
}

async function shoot(page: Page, file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await page.screenshot({ path: file, animations: 'disabled', timeout: VISIT_LIMIT_MS });
}

function foldSpace(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}
