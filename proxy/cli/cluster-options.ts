/** What can be said about a cluster on the command line, for one that is new and one that changes. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { percentField, textField } from '../command/fields.ts';
import type { Cluster, HashKey, LoadBalancing, Rate } from '../command/requests.ts';
import { hashKeyField, LOAD_BALANCING, LOAD_METRICS } from '../command/schemas.ts';
import { setKeys } from '../config/set-keys.ts';
import { loadBalancingField } from '../config/today-cluster.ts';
import { type Answers, parseAnswerOption } from './answer-option.ts';
import {
  checked,
  parseCount,
  parseDuration,
  parseDurationOrOff,
  parseNumber,
  parseRate,
} from './arguments.ts';
import { refusedOption } from './listener-options.ts';

export interface ClusterOptions {
  readonly loadBalancingPolicy?: LoadBalancing;
  readonly loadMetric?: NonNullable<Cluster['loadMetric']>;
  readonly hashKey?: HashKey;
  readonly stickySession?: boolean;
  readonly stickyAttributes?: string;
  readonly slowStart?: number;
  readonly failOpen?: boolean;
  readonly panicThreshold?: number;
  readonly breakerFailures?: number;
  readonly breakerFirstWait?: number;
  readonly breakerLongestWait?: number;
  readonly breakerTimeouts?: boolean;
  readonly breakerErrors?: number;
  readonly retryErrors?: boolean;
  readonly retryBudget?: number;
  readonly maxConnectionsPerIp?: number;
  readonly maxRequests?: number;
  readonly requestRate?: Rate;
  readonly retryAfter?: number;
  readonly answer?: Answers;
}

const refused: readonly (readonly [string, string])[] = [
  ['-r, --https-redirect', 'TLS is not available, so there is nowhere to redirect to'],
  ['--https-redirect-port <port>', 'TLS is not available, so there is nowhere to redirect to'],
  ['--send-proxy', 'the PROXY protocol is not spoken'],
  ['--expect-proxy', 'the PROXY protocol is not spoken'],
  ['--http2', 'backends are spoken to in HTTP/1.1'],
  ['--www-authenticate <realm>', 'there is no authentication; the cluster would be open'],
  ['--authorized-hash <hash>', 'there is no authentication; the cluster would be open'],
];

export function withClusterOptions(command: Command): Command {
  for (const [flags, why] of refused) command.addOption(refusedOption(flags, why));
  return command
    .option('--load-balancing-policy <policy>', LOAD_BALANCING.join(', '), parsePolicy)
    .addOption(
      new Option('--load-metric <metric>', 'what two-choices compares').choices(LOAD_METRICS),
    )
    .option('--hash-key <key>', 'client-ip, host, path, header:NAME, cookie:NAME', parseHashKey)
    .option('-s, --sticky-session', 'keep a visitor with the backend that served them first')
    .option('--no-sticky-session', 'do not')
    .option('--sticky-attributes <text>', 'attributes of the sticky cookie', parseText)
    .option('--slow-start <s>', 'until a backend that came back has its share', parseDurationOrOff)
    .option('--fail-open', 'when no backend is healthy, use all of them (default)')
    .option('--no-fail-open', 'then answer 503')
    .option('--panic-threshold <percent>', 'fewer than this available: use all', parsePercent)
    .option('--breaker-failures <n>', 'failures in a row that open a breaker', parseCount)
    .option('--breaker-first-wait <s>', 'how long it stays open at first', parseDuration)
    .option('--breaker-longest-wait <s>', 'and at most', parseDuration)
    .option('--breaker-timeouts', 'an answer that is too late is a failure')
    .option('--breaker-errors <percent>', 'this share of 5xx opens it; 0: never', parsePercent)
    .option('--retry-errors', 'ask another backend after 502, 503 and 504')
    .option('--retry-budget <percent>', 'most retries, of all requests', parsePercent)
    .option('--max-connections-per-ip <n>', 'per client; more are 429; 0: any', parseCount)
    .option('--max-requests <n>', 'in progress; more are 429; 0: any', parseCount)
    .option('--request-rate <n[/burst]>', 'requests per second of all clients', parseRate)
    .option('--retry-after <s>', 'in the Retry-After of a 429; 0: none', parseCount)
    .option('--answer <code=text|file://path>', 'an answer of its own', parseAnswerOption);
}

/** Only the keys that were given. */
export function clusterChanges(options: ClusterOptions): Partial<Omit<Cluster, 'id'>> {
  return setKeys({
    loadBalancing: options.loadBalancingPolicy,
    loadMetric: options.loadMetric,
    hashKey: options.hashKey,
    stickySession: options.stickySession,
    stickyAttributes: options.stickyAttributes,
    slowStartMs: options.slowStart,
    failOpen: options.failOpen,
    panicThreshold: options.panicThreshold,
    breaker: filled({
      failureThreshold: options.breakerFailures,
      firstWaitMs: options.breakerFirstWait,
      longestWaitMs: options.breakerLongestWait,
      countTimeouts: options.breakerTimeouts,
      errorPercent: options.breakerErrors,
    }),
    retry: filled({ onError: options.retryErrors, budgetPercent: options.retryBudget }),
    maxConnectionsPerIp: options.maxConnectionsPerIp,
    maxRequests: options.maxRequests,
    requestRate: options.requestRate,
    retryAfterSeconds: options.retryAfter,
    answers: options.answer,
  });
}

/** The names under which `--default` knows the keys. */
export const CLUSTER_DEFAULTS: Readonly<Record<string, string>> = {
  'load-metric': 'loadMetric',
  'hash-key': 'hashKey',
  'sticky-session': 'stickySession',
  'sticky-attributes': 'stickyAttributes',
  'slow-start': 'slowStartMs',
  'fail-open': 'failOpen',
  'panic-threshold': 'panicThreshold',
  'health-check': 'healthCheck',
  breaker: 'breaker',
  retry: 'retry',
  'max-connections-per-ip': 'maxConnectionsPerIp',
  'max-requests': 'maxRequests',
  'request-rate': 'requestRate',
  'retry-after': 'retryAfterSeconds',
};

function filled<T extends object>(keys: T): ReturnType<typeof setKeys<T>> | undefined {
  const set = setKeys(keys);
  return Object.keys(set).length === 0 ? undefined : set;
}

function parsePolicy(text: string): LoadBalancing {
  const decoded = loadBalancingField.safeParse(text);
  if (decoded.success) return decoded.data;
  throw new InvalidArgumentError(decoded.error.issues[0]?.message ?? '');
}

function parseHashKey(text: string): HashKey {
  return checked(hashKeyField, text) as HashKey;
}

function parseText(text: string): string {
  return checked(textField, text);
}

function parsePercent(text: string): number {
  return checked(percentField, parseNumber(text));
}
