/** What the compiler must refuse in a lab; compiled with everything else, never run. */
import { defineLab } from '../../labs/harness/define-lab.ts';
import { hello } from '../../labs/harness/kit.ts';
import type { Check, Lab, LabMachine, Step } from '../../labs/harness/lab.ts';
import { type Text, t } from '../../labs/harness/text.ts';

const words = t('a', 'b');
const base = {
  title: words,
  summary: words,
  minutes: 1,
  backends: ['webapp1'],
  visitors: { alice: { perSecond: 1, keepAlive: false } },
} as const;
const machines = {
  webapp1: { ip: '192.168.56.21', forwardedPort: 9091, app: hello('v1') },
} as const;

export const unknownMachineInAnAction: Lab = defineLab({
  ...base,
  id: 'unknown-machine',
  machines,
  steps: ({ machines: { down }, expect }) => [
    {
      id: 's',
      title: words,
      minutes: 1,
      say: words,
      // @ts-expect-error webapp9 is no machine of this lab
      act: [down('webapp9', 'crash')],
      check: [{ id: 'c', claim: words, probe: expect.status(200) }],
    },
  ],
});

export const unknownMachineInAProbe: Lab = defineLab({
  ...base,
  id: 'unknown-machine',
  machines,
  steps: ({ expect }) => [
    {
      id: 's',
      title: words,
      minutes: 1,
      say: words,
      act: [],
      // @ts-expect-error webapp9 is no machine of this lab
      check: [{ id: 'c', claim: words, probe: expect.breaker('open', 'webapp9') }],
    },
  ],
});

// @ts-expect-error a sentence without its French
export const oneLanguage: Text = { en: 'only English' };

export const noCheck: Step = {
  id: 's',
  title: words,
  minutes: 1,
  say: words,
  act: [],
  // @ts-expect-error a step without a check
  check: [],
};

// @ts-expect-error a lab without a step
export const noStep: Lab = defineLab({ ...base, id: 'no-step', machines, steps: () => [] });

export const unknownBackend: Lab = defineLab({
  ...base,
  id: 'unknown-backend',
  machines,
  // @ts-expect-error a backend that is no machine
  backends: ['webapp2'],
  steps: ({ expect }) => [
    {
      id: 's',
      title: words,
      minutes: 1,
      say: words,
      act: [],
      check: [{ id: 'c', claim: words, probe: expect.status(200) }],
    },
  ],
});

// @ts-expect-error a name where an address belongs
export const noAddress: LabMachine = { ip: 'webapp1', forwardedPort: 9091, app: hello('v1') };

export const badWindow: Check = {
  id: 'c',
  claim: words,
  probe: { kind: 'no-failed-request' },
  // @ts-expect-error a duration without its unit
  window: { within: '10' },
};
