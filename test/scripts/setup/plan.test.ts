import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Facts } from '../../../scripts/setup/facts.ts';
import { type Consent, makePlan, type Plan } from '../../../scripts/setup/plan.ts';

const found = {
  found: true,
  name: 'Chromium',
  executablePath: '/usr/bin/chromium',
  source: 'installed',
} as const;
const none = { found: false, reason: 'none is installed', fix: 'install one' } as const;

const complete: Facts = {
  browser: found,
  browserIsNamed: false,
  linux: true,
  apt: true,
  aptChromium: true,
  emojiFont: true,
  iproute: true,
};
const bareDebian: Facts = { ...complete, browser: none, emojiFont: false, iproute: false };
const user: Facts = { ...complete, browser: none, apt: false, aptChromium: false };

const alone: Consent = { yes: false, terminal: false };
const nothing: Plan = { needed: [], nice: [], download: 'no', advice: [] };

function testPlan(title: string, facts: Facts, consent: Consent, plan: Partial<Plan>): void {
  it(title, () => assert.deepEqual(makePlan(facts, consent), { ...nothing, ...plan }));
}

describe('makePlan', () => {
  testPlan('does nothing when all is there', complete, { yes: true, terminal: true }, {});
  testPlan('installs packages on a bare Debian without asking', bareDebian, alone, {
    needed: ['chromium', 'iproute2'],
    nice: ['fonts-noto-color-emoji'],
  });
  testPlan('a missing font alone is no need', { ...complete, emojiFont: false }, alone, {
    nice: ['fonts-noto-color-emoji'],
  });
  testPlan(
    'downloads where apt has no real chromium',
    { ...bareDebian, aptChromium: false },
    { yes: true, terminal: false },
    {
      needed: ['iproute2'],
      nice: ['fonts-noto-color-emoji'],
      download: 'yes',
    },
  );
  testPlan('asks somebody', user, { yes: false, terminal: true }, { download: 'ask' });
  testPlan('asks nobody when nobody is there', user, alone, {});
  testPlan(
    'never replaces the browser that was named',
    { ...user, browserIsNamed: true },
    { yes: true, terminal: true },
    {},
  );
  testPlan(
    'says what a user must install',
    { ...user, browser: found, iproute: false, emojiFont: false },
    alone,
    {
      advice: [
        '`ip` is missing: without iproute2, machines are processes',
        'no emoji font: install fonts-noto-color-emoji to see 👋 and 🐼',
      ],
    },
  );
  testPlan(
    'asks nothing of other systems',
    { ...user, browser: found, linux: false, iproute: false },
    alone,
    {},
  );
});
