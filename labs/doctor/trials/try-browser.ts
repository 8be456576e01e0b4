/** Opens the browser, without a window, on a page of our own, and closes it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TrialFact } from '../facts.ts';
import { trial } from './trial.ts';

/** The first start after an installation reads some hundred megabytes. */
const LIMIT_MS = 60_000;
const TITLE = 'lab doctor';

export function tryBrowser(executablePath: string, signal: AbortSignal): Promise<TrialFact> {
  return trial(LIMIT_MS, signal, stop => showOnePage(executablePath, stop));
}

async function showOnePage(
  executablePath: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  // Playwright takes a third of a second to load: only when there is a browser to drive.
  const { launchBrowser } = await import('../../browser/launch.ts');
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<title>${TITLE}</title>`);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  try {
    const request = { executablePath, headed: false, slowMs: 0, signal };
    const { browser, note, close } = await launchBrowser(request);
    try {
      const page = await browser.newPage();
      const { port } = server.address() as AddressInfo;
      await page.goto(`http://127.0.0.1:${port}/`);
      const title = await page.title();
      if (title !== TITLE) throw new Error(`it shows "${title}" instead of our page`);
      return note;
    } finally {
      await close();
    }
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
