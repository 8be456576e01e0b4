/** Every scenario, in the order in which `all` runs them. */
import type { Scenario } from './scenario.ts';
import { clusters } from './scenarios/clusters.ts';
import { failure } from './scenarios/failure.ts';
import { idleConnections } from './scenarios/idle-connections.ts';
import { largeBodies } from './scenarios/large-bodies.ts';
import { latency } from './scenarios/latency.ts';
import { slowClients } from './scenarios/slow-clients.ts';
import { throughput } from './scenarios/throughput.ts';

export const allScenarios: readonly Scenario[] = [
  throughput,
  latency,
  clusters,
  idleConnections,
  slowClients,
  largeBodies,
  failure,
];
