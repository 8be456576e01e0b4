/** `[clusters.<id>]` without its frontends and backends → the cluster of a request. */
import * as z from 'zod';
import { idField, pathField, percentField, textField } from '../command/fields.ts';
import type { Cluster, HealthCheck, LoadBalancing } from '../command/requests.ts';
import { hashKeyField, LOAD_BALANCING } from '../command/schemas.ts';
import { suggest } from '../shared/nearest.ts';
import type { AnswerFiles } from './answer-files.ts';
import type { TomlTable } from './check-keys.ts';
import { strictTable } from './explain-issue.ts';
import type { Findings, KeyPath } from './findings.ts';
import type { ClusterDefaults } from './limits.ts';
import { hasOnly, isPlainHostname } from './plain-values.ts';
import { setKeys } from './set-keys.ts';
import { onlyHttp } from './today-listener.ts';
import { countOrOffField, rateField, secondsField, secondsOrOffField } from './units.ts';

/** All spellings that Sōzu's file, command line and documents use, and HAProxy's. */
const otherNames: Readonly<Record<string, LoadBalancing>> = {
  rr: 'round-robin',
  roundrobin: 'round-robin',
  'least-loaded': 'least-connections',
  leastconn: 'least-connections',
  leastconnections: 'least-connections',
  'power-of-two': 'two-choices',
  p2c: 'two-choices',
  hrw: 'rendezvous',
};

/** Upper or lower case, words joined by `_` or `-`. */
export const loadBalancingField: z.ZodType<LoadBalancing, string> = z
  .string()
  .transform((text, context) => {
    const name = text.toLowerCase().replaceAll('_', '-');
    const found = LOAD_BALANCING.find(each => each === name) ?? otherNames[name];
    if (found !== undefined) return found;
    context.addIssue(
      `"${text}" is no policy${suggest(name, LOAD_BALANCING)}; there are ${LOAD_BALANCING.join(', ')}`,
    );
    return z.NEVER;
  });

const healthCheck = strictTable({
  uri: pathField.refine(uri => uri !== '', 'may not be empty'),
  interval: secondsField.optional(),
  timeout: secondsField.optional(),
  healthy_threshold: z.int().min(1).max(1000).optional(),
  unhealthy_threshold: z.int().min(1).max(1000).optional(),
  expected_status: z.int().min(0).max(599).optional(),
}).transform(
  (keys): HealthCheck => ({
    uri: keys.uri,
    ...setKeys({
      intervalMs: keys.interval,
      timeoutMs: keys.timeout,
      healthyThreshold: keys.healthy_threshold,
      unhealthyThreshold: keys.unhealthy_threshold,
      expectedStatus: keys.expected_status,
    }),
  }),
);

const breaker = strictTable({
  failure_threshold: z.int().min(1).max(1000).optional(),
  first_wait: secondsField.optional(),
  longest_wait: secondsField.optional(),
  count_timeouts: z.boolean().optional(),
  error_percent: percentField.optional(),
  error_min_requests: z.int().min(1).optional(),
  error_window: secondsField.optional(),
}).transform(keys =>
  setKeys({
    failureThreshold: keys.failure_threshold,
    firstWaitMs: keys.first_wait,
    longestWaitMs: keys.longest_wait,
    countTimeouts: keys.count_timeouts,
    errorPercent: keys.error_percent,
    errorMinRequests: keys.error_min_requests,
    errorWindowMs: keys.error_window,
  }),
);

const retry = strictTable({
  on_error: z.boolean().optional(),
  budget_percent: percentField.optional(),
  budget_min_per_second: z.int().min(0).max(1_000_000).optional(),
}).transform(keys =>
  setKeys({
    onError: keys.on_error,
    budgetPercent: keys.budget_percent,
    budgetMinPerSecond: keys.budget_min_per_second,
  }),
);

const schema = z.object({
  protocol: onlyHttp,
  load_balancing: loadBalancingField.default('round-robin'),
  load_metric: z.enum(['connections', 'requests', 'connection_time', 'connection-time']).optional(),
  hash_key: hashKeyField.optional(),
  sticky_session: z.boolean().optional(),
  sticky_attributes: textField.optional(),
  slow_start: secondsOrOffField.optional(),
  health_check: healthCheck.optional(),
  fail_open: z.boolean().optional(),
  panic_threshold: percentField.optional(),
  breaker: breaker.optional(),
  retry: retry.optional(),
  max_connections_per_ip: countOrOffField.optional(),
  max_requests: countOrOffField.optional(),
  request_rate: rateField.optional(),
  retry_after: z.int().min(0).max(86_400).optional(),
});

export function decodeCluster(
  findings: Findings,
  answers: AnswerFiles,
  id: string,
  table: TomlTable,
  path: KeyPath,
  defaults: ClusterDefaults,
): Cluster | undefined {
  const { protocol } = table;
  if (protocol === 'http' && isPlainHostname(id) && id.length <= 128) {
    if (hasOnly(table, 'protocol', 'frontends', 'backends')) return plainCluster(id, defaults);
  }
  const clusterId = findings.decode(idField, id, path);
  const keys = findings.decode(schema, table, path);
  const own = answers.collect(table, path);
  if (keys === undefined || clusterId === undefined) return undefined;
  return {
    id: clusterId,
    loadBalancing: keys.load_balancing,
    answers: own,
    ...setKeys({
      loadMetric: keys.load_metric === 'connection_time' ? 'connection-time' : keys.load_metric,
      hashKey: keys.hash_key as Cluster['hashKey'],
      stickySession: keys.sticky_session,
      stickyAttributes: keys.sticky_attributes,
      slowStartMs: keys.slow_start,
      healthCheck: keys.health_check,
      failOpen: keys.fail_open,
      panicThreshold: keys.panic_threshold,
      breaker: keys.breaker,
      retry: keys.retry,
      maxConnectionsPerIp: keys.max_connections_per_ip,
      maxRequests: keys.max_requests,
      requestRate: keys.request_rate,
      retryAfterSeconds: keys.retry_after ?? defaults.retryAfterSeconds,
    }),
  };
}

function plainCluster(id: string, { retryAfterSeconds }: ClusterDefaults): Cluster {
  const base: Cluster = { id, loadBalancing: 'round-robin', answers: {} };
  return retryAfterSeconds === undefined ? base : { ...base, retryAfterSeconds };
}
