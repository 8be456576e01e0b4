/** One sentence out of a page of logs. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { launchError } from '../../../labs/browser/launch-error.ts';

const closed = 'Error: browserType.launch: Target page, context or browser has been closed\n';

describe('launchError', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    [
      'a missing screen',
      `${closed}║ Looks like you launched a headed browser without having a XServer running. ║`,
      /no screen to show it on\. To fix it, leave --headed out\./,
    ],
    [
      'missing libraries',
      `${closed}[pid=7][err] chrome: error while loading shared libraries: libnss3.so`,
      /libraries that it needs .* `npx playwright install-deps chromium`/,
    ],
    [
      'its fatal line',
      `${closed}[pid=7][err] sh: odd\n[pid=7][err] [7:7:1120/1.1:FATAL:a/b.cc:315] Socket path too long: /x.\n`,
      /does not start: Socket path too long: \/x\. To fix it, set RELAIS_BROWSER/,
    ],
    [
      'what it said first',
      `${closed}[pid=7][err] cat: unrecognized option\n`,
      /it ended at once and said: cat: unrecognized option\./,
    ],
    ['nothing', `${closed}<launched> pid=7`, /it ended at once\./],
    [
      'what Playwright itself says',
      'TimeoutError: browserType.launch: Timeout 30000ms exceeded.\nCall log:',
      /does not start: Timeout 30000ms exceeded/,
    ],
  ];
  for (const [what, told, expected] of cases) {
    it(`tells ${what}`, () => {
      const error = launchError('/usr/bin/chromium', told);
      assert.match(error.message, expected);
      assert.equal(error.cause, told);
    });
  }
});
