/** Every lab, in the order a learner meets them. */
import type { Lab } from '../harness/lab.ts';
import { abTest } from './ab-test/lab.ts';
import { blueGreen } from './blue-green/lab.ts';
import { canary } from './canary/lab.ts';
import { circuitBreaker } from './circuit-breaker/lab.ts';
import { failureKinds } from './failure-kinds/lab.ts';
import { findTheBug } from './find-the-bug/lab.ts';
import { flaky } from './flaky/lab.ts';
import { healthProbe } from './health-probe/lab.ts';
import { hotReconfigure } from './hot-reconfigure/lab.ts';
import { limits } from './limits/lab.ts';
import { loadBalance } from './load-balance/lab.ts';
import { neverRestart } from './never-restart/lab.ts';
import { rollingUpdate } from './rolling-update/lab.ts';
import { shield } from './shield/lab.ts';
import { thunderingHerd } from './thundering-herd/lab.ts';
import { trace } from './trace/lab.ts';
import { virtualHosts } from './virtual-hosts/lab.ts';

export const catalogue: readonly Lab[] = [
  loadBalance,
  findTheBug,
  circuitBreaker,
  hotReconfigure,
  failureKinds,
  blueGreen,
  canary,
  abTest,
  healthProbe,
  rollingUpdate,
  neverRestart,
  limits,
  virtualHosts,
  shield,
  trace,
  flaky,
  thunderingHerd,
];
