/** Views as a session makes them: at work, asked to predict, done, in trouble. */

import { t } from '../../../../labs/harness/text.ts';
import type {
  CheckView,
  LearnView,
  MachineTile,
  RibbonMark,
  StepMark,
} from '../../../../labs/learn/learn-view.ts';

export const machine = (number: number, fields: Partial<MachineTile> = {}): MachineTile => ({
  name: `webapp${number}`,
  address: `192.168.56.2${number}:8080`,
  forwarded: `127.0.0.1:808${number}`,
  state: 'running',
  version: 'v1',
  failures: [],
  backend: {
    admin: 'ready',
    weight: 100,
    healthy: true,
    breaker: 'closed',
    failures: 0,
    failureThreshold: 3,
    retryInMs: 0,
  },
  served: number,
  ...fields,
});

export const check = (fields: Partial<CheckView> = {}): CheckView => ({
  id: 'all-serve',
  claim: t('All three machines serve', 'Les trois machines servent'),
  state: 'red',
  because: 'webapp3 has not served',
  diagnosis: undefined,
  ...fields,
});

const steps: readonly StepMark[] = [
  { id: 'look', title: t('Look first', 'Regardez d’abord'), state: 'done' },
  { id: 'skip', title: t('Not for me', 'Pas pour moi'), state: 'skipped' },
  { id: 'pull-the-plug', title: t('Pull the plug', 'Débranchez-la'), state: 'current' },
  { id: 'again', title: t('And again', 'Encore une fois'), state: 'ahead' },
];

const served = (number: number): RibbonMark => ({
  visitor: 'alice',
  outcome: 'answered',
  machine: `webapp${1 + (number % 3)}`,
  version: number % 3 === 2 ? 'v2' : 'v1',
  status: 200,
});

const ribbon: readonly RibbonMark[] = [
  ...Array.from({ length: 30 }, (_, number) => served(number)),
  { ...served(0), outcome: 'slow' },
  { ...served(1), outcome: 'error', machine: undefined, version: undefined, status: 503 },
  { ...served(2), outcome: 'lost', machine: undefined, version: undefined, status: undefined },
];

export const atWork: LearnView = {
  language: 'en',
  lab: { id: 'circuit-breaker', title: t('Meet the circuit breaker', 'Le disjoncteur') },
  url: 'http://localhost:8080/',
  shellCommand: 'npm run lab -- shell',
  machines: [
    machine(1),
    machine(2, { version: 'v2', served: 14 }),
    machine(3, {
      state: 'poweroff',
      failures: ['power-off'],
      served: 0,
      backend: {
        admin: 'ready',
        weight: 100,
        healthy: true,
        breaker: 'open',
        failures: 3,
        failureThreshold: 3,
        retryInMs: 3_200,
      },
    }),
  ],
  proxy: { answers: true, mainPid: 4711, workerPids: [4712, 4713] },
  ribbon,
  requests: { total: 1_312, failed: 1 },
  step: {
    id: 'pull-the-plug',
    number: 3,
    title: t('Pull the plug on one', 'Débranchez-en une'),
    say: t(
      'Power off webapp3, as if somebody had pulled its plug. The visitors go on: watch who answers them, and how long the one waits who comes first.',
      'Coupez le courant de webapp3, comme si quelqu’un l’avait débranchée. Les visiteurs continuent : regardez qui leur répond, et combien de temps attend celui qui arrive le premier.',
    ),
    prediction: {
      ask: t('What will the next visitor see?', 'Que verra le prochain visiteur ?'),
      choices: [
        { id: 'wait', text: t('A wait, then the page', 'Une attente, puis la page') },
        { id: 'error', text: t('An error page', 'Une page d’erreur') },
      ],
      chosen: 'error',
      happened: undefined,
    },
    commands: ['lab down webapp3 --how power-off', "relais backend list --filter 'a b'"],
    natives: [],
    checks: [
      check(),
      check({
        id: 'open',
        claim: t('The breaker of webapp3 is open', 'Le disjoncteur de webapp3 est ouvert'),
        state: 'holding',
        because: 'open for 1.2 s of 3 s',
      }),
      check({
        id: 'two',
        claim: t('Two machines serve', 'Deux machines servent'),
        state: 'green',
        because: 'webapp1 12, webapp2 14',
      }),
    ],
    promises: [
      check({
        id: 'nobody-fails',
        claim: t('No request fails', 'Aucune requête n’échoue'),
        state: 'green',
        because: '1,312 requests',
      }),
      check({
        id: 'same-proxy',
        claim: t('The proxy is never restarted', 'Le proxy n’est jamais redémarré'),
        state: 'green',
        because: 'process 4711',
      }),
    ],
    done: false,
    recap: t('The breaker waited for three.', 'Le disjoncteur en a attendu trois.'),
  },
  steps,
  panel: undefined,
  notices: [],
  busy: undefined,
  finished: false,
};

export const predicting: LearnView = {
  ...atWork,
  step: {
    ...atWork.step,
    prediction: atWork.step.prediction && { ...atWork.step.prediction, chosen: undefined },
  },
};

export const done: LearnView = {
  ...atWork,
  step: {
    ...atWork.step,
    done: true,
    prediction: atWork.step.prediction && { ...atWork.step.prediction, happened: 'wait' },
    checks: atWork.step.checks.map(each => ({ ...each, state: 'green' as const })),
  },
};

export const inTrouble: LearnView = {
  ...atWork,
  proxy: { answers: false, mainPid: undefined, workerPids: [] },
  notices: [
    t(
      'webapp1 is frozen too, which this step does not ask for. Heal it: lab heal webapp1',
      'webapp1 est gelée aussi, ce que l’étape ne demande pas. Réparez-la : lab heal webapp1',
    ),
  ],
  step: {
    ...atWork.step,
    checks: [
      check({
        diagnosis: t(
          'webapp3 still runs: the plug that was pulled was another one.',
          'webapp3 tourne encore : ce n’est pas elle que vous avez débranchée.',
        ),
      }),
    ],
  },
  panel: {
    kind: 'hint',
    rung: 1,
    rungs: 3,
    text: t('Look at the lamps of the machines.', 'Regardez les voyants des machines.'),
  },
};

export const showing = (panel: LearnView['panel']): LearnView => ({ ...atWork, panel });
