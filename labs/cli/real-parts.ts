/** The engine's parts in the real world: providers, proxy, browser, visitors, reports. */
import type { Provider, ProviderName } from '../../vms/provider.ts';
import { bestProvider, providerNamed } from '../../vms/registry.ts';
import { type BrowserFound, findBrowser } from '../browser/find-browser.ts';
import { LabError } from '../harness/errors.ts';
import type { Narrator } from '../harness/narrator/narration.ts';
import type { LabParts, OpenedBrowser, RunOptions } from '../harness/run/lab-parts.ts';
import { t } from '../harness/text.ts';
import { writeReports } from '../report/write-reports.ts';
import { claimInstance } from '../stage/claim-instance.ts';
import { openStage } from '../stage/open-stage.ts';
import { startVisitors } from '../visitors/visitors.ts';
import type { Environment } from './flags.ts';

/** At demo pace the browser takes its time as well. */
const SLOW_BROWSER_MS = 250;

/** Longer than the proxy's own limit for finding a machine (10 s): its answer is what counts. */
const VISITOR_LIMIT_MS = 15_000;

/** `known`: a browser that was found already; to ask it for its version takes a process. */
export function realParts(env: Environment, narrator: Narrator, known?: BrowserFound): LabParts {
  return {
    chooseProvider,
    claim: claimInstance,
    openStage,
    openBrowser: (options, signal) =>
      openRealBrowser(known ?? findBrowser(env), narrator, options, signal),
    startVisitors: request => startVisitors({ ...request, timeoutMs: VISITOR_LIMIT_MS }),
    writeReports,
    narrator,
  };
}

/** Who names an engine or a box asks for Vagrant. */
export async function chooseProvider(
  named: ProviderName | undefined,
  { engine, box }: Pick<RunOptions, 'engine' | 'box'> = {},
): Promise<Provider> {
  const isForVagrant = engine !== undefined || box !== undefined;
  const wanted = named ?? (isForVagrant ? 'vagrant' : undefined);
  if (wanted === undefined) return bestProvider();
  if (isForVagrant && wanted !== 'vagrant') {
    const flag = engine === undefined ? '--box' : '--engine';
    throw new LabError('LAB_USAGE', `${flag} is for --machines vagrant, not for ${wanted}.`);
  }
  const provider = providerNamed(wanted, { ...(engine && { engine }), ...(box && { box }) });
  const readiness = await provider.probe();
  if (readiness.ready) return provider;
  throw new LabError(
    'LAB_ENVIRONMENT',
    `${wanted} machines cannot be made here: ${readiness.reason}. ${readiness.fix}`,
  );
}

/** Playwright takes a third of a second to load: not before it is known that there is a browser. */
async function openRealBrowser(
  finding: BrowserFound | ReturnType<typeof findBrowser>,
  narrator: Narrator,
  { headed, slow, language }: RunOptions,
  signal: AbortSignal,
): Promise<OpenedBrowser> {
  const found = await finding;
  if (!found.found) return { found: false, reason: `${found.reason}. To fix it, ${found.fix}.` };
  const { openBrowser } = await import('../browser/pages.ts');
  const browser = await openBrowser({
    executablePath: found.executablePath,
    headed,
    slowMs: slow ? SLOW_BROWSER_MS : 0,
    language,
    signal,
  });
  if (browser.note !== undefined) narrator.note(t(browser.note, browser.note));
  return {
    found: true,
    name: `${found.name} ${browser.version}`,
    viewer: browser,
    close: () => browser.close(),
  };
}
