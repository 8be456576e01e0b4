/** Every lab, in the order a learner meets them. */
import type { Lab } from '../harness/lab.ts';
import { blueGreen } from './blue-green/lab.ts';
import { circuitBreaker } from './circuit-breaker/lab.ts';
import { loadBalance } from './load-balance/lab.ts';

export const catalogue: readonly Lab[] = [loadBalance, circuitBreaker, blueGreen];
