/** The failures of machines that fail as hardware does. */
import type { Capabilities, Fidelity } from '../provider.ts';

const REAL: Fidelity = { kind: 'real' };

/** Spread it, and replace what is only imitated. */
export const REAL_FAILURES: Capabilities['failures'] = {
  crash: REAL,
  'power-off': REAL,
  blackhole: REAL,
  freeze: REAL,
  slow: REAL,
  error: REAL,
};
