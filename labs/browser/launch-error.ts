/** Why a browser does not start, in one sentence with the fix; Playwright's own text is a page long. */
import { installationAdvice } from './find-browser.ts';

interface Explanation {
  readonly sign: RegExp;
  readonly reason: string;
  readonly fix: string;
}

const explanations: readonly Explanation[] = [
  {
    sign: /without having a XServer|Missing X server|cannot open display/i,
    reason: 'there is no screen to show it on',
    fix: 'leave --headed out',
  },
  {
    sign: /error while loading shared libraries|Host system is missing dependencies/,
    reason: 'libraries that it needs are not installed',
    fix: 'run `npx playwright install-deps chromium`',
  },
];

export function launchError(executablePath: string, cause: unknown): Error {
  const told = String(cause);
  const known = explanations.find(({ sign }) => sign.test(told));
  const reason = known?.reason ?? reasonIn(told);
  const fix = known?.fix ?? `set RELAIS_BROWSER to another browser, or ${installationAdvice()}`;
  return new Error(`${executablePath} does not start: ${reason}. To fix it, ${fix}.`, { cause });
}

/** What the browser said before it ended: its fatal line, else its first. */
function reasonIn(told: string): string {
  const [, fatal] = /\[err\] .*?:FATAL:[^\]]*\] (.+?)\.?$/m.exec(told) ?? [];
  if (fatal !== undefined) return fatal;
  if (!told.includes('browser has been closed')) {
    return (told.split('\n', 1)[0] ?? '').replace(/^\w*Error: browserType\.launch: /, '');
  }
  const [, first] = /\[err\] (.+?)\.?$/m.exec(told) ?? [];
  return first === undefined ? 'it ended at once' : `it ended at once and said: ${first}`;
}
