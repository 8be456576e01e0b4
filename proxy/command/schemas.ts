/** The shapes of listener, cluster, frontend, backend and settings as they come in a request. */
import path from 'node:path';
import * as z from 'zod';
import { LOG_LEVELS } from '../shared/log-level.ts';
import { suggest } from '../shared/nearest.ts';
import {
  answersField,
  backendAddressField,
  checkedDenyRule,
  fieldNameField,
  frontendPathField,
  hostnameField,
  idField,
  idFieldNameField,
  listenAddressField,
  networkField,
  pathField,
  percentField,
  requestFieldsField,
  textField,
  weightField,
  wholePathField,
} from './fields.ts';
import type { Backend, Cluster, Frontend, LoadBalancing } from './requests.ts';

const milliseconds = z.int().min(1).max(86_400_000);
/** 0 turns the limit off. */
const millisecondsOrOff = z.int().min(0).max(86_400_000);
const countOrOff = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

export const LOAD_BALANCING: readonly LoadBalancing[] = [
  'round-robin',
  'random',
  'least-connections',
  'least-requests',
  'peak-ewma',
  'two-choices',
  'rendezvous',
  'maglev',
];
export const LOAD_METRICS: readonly NonNullable<Cluster['loadMetric']>[] = [
  'connections',
  'requests',
  'connection-time',
];
export const PATH_KINDS: readonly NonNullable<Frontend['pathKind']>[] = [
  'prefix',
  'segment',
  'equals',
  'regex',
];
/** What a backend may be told to be, beside `ready`. */
export const RESTING: readonly NonNullable<Backend['admin']>[] = ['drain', 'maint'];
export const POSITIONS: readonly NonNullable<Frontend['position']>[] = ['pre', 'tree', 'post'];

const rate = z.strictObject({
  perSecond: z.number().min(0.001).max(1_000_000_000),
  burst: z.int().min(1).optional(),
});

const denyRule = z
  .strictObject({
    name: idField,
    pattern: textField.optional(),
    in: z.enum(['target', 'fields', 'both']).optional(),
  })
  .superRefine(checkedDenyRule);

const listenerKeys = {
  answers: answersField,
  frontTimeoutMs: milliseconds,
  backTimeoutMs: milliseconds,
  connectTimeoutMs: milliseconds,
  requestTimeoutMs: milliseconds,
  tryDeadlineMs: milliseconds,
  maxConnections: z.int().min(1),
  bodyTimeoutMs: millisecondsOrOff.optional(),
  totalTimeoutMs: millisecondsOrOff.optional(),
  maxBodyBytes: countOrOff.optional(),
  stickyName: fieldNameField.optional(),
  requestIdField: idFieldNameField.optional(),
  createTrace: z.boolean().optional(),
  trustedProxies: z.array(networkField).optional(),
  realIp: z.enum(['keep', 'elide', 'send', 'elide-and-send']).optional(),
  clientRate: rate.optional(),
  deny: z.array(denyRule).optional(),
};

export const listenerSchema: z.ZodType = z.strictObject({
  address: listenAddressField,
  protocol: z.literal('http'),
  active: z.boolean().optional(),
  ...listenerKeys,
});

export const listenerChangesSchema: z.ZodType = z.strictObject(listenerKeys).partial();

const healthCheck = z.strictObject({
  uri: pathField.refine(uri => uri !== '', 'may not be empty'),
  intervalMs: milliseconds.optional(),
  timeoutMs: milliseconds.optional(),
  healthyThreshold: z.int().min(1).max(1000).optional(),
  unhealthyThreshold: z.int().min(1).max(1000).optional(),
  expectedStatus: z
    .int()
    .refine(status => status === 0 || (status >= 200 && status <= 599), 'is not a status')
    .optional(),
});

const breaker = z.strictObject({
  failureThreshold: z.int().min(1).max(1000).optional(),
  firstWaitMs: milliseconds.optional(),
  longestWaitMs: milliseconds.optional(),
  countTimeouts: z.boolean().optional(),
  errorPercent: percentField.optional(),
  errorMinRequests: z.int().min(1).optional(),
  errorWindowMs: milliseconds.optional(),
});

const retry = z.strictObject({
  onError: z.boolean().optional(),
  budgetPercent: percentField.optional(),
  budgetMinPerSecond: z.int().min(0).max(1_000_000).optional(),
});

/** The part behind the colon is a field name or a cookie's. */
export const hashKeyField: z.ZodType<string, string> = z
  .string()
  .regex(
    /^(?:client-ip|host|path|(?:header|cookie):[!#$%&'*+\-.^_`|~0-9A-Za-z]+)$/,
    'is not possible: client-ip, host, path, header:NAME or cookie:NAME',
  );

const clusterKeys = {
  loadBalancing: z.enum(LOAD_BALANCING),
  answers: answersField,
  loadMetric: z.enum(LOAD_METRICS).optional(),
  hashKey: hashKeyField.optional(),
  stickySession: z.boolean().optional(),
  stickyAttributes: textField.optional(),
  slowStartMs: millisecondsOrOff.optional(),
  healthCheck: healthCheck.optional(),
  failOpen: z.boolean().optional(),
  panicThreshold: percentField.optional(),
  breaker: breaker.optional(),
  retry: retry.optional(),
  maxConnectionsPerIp: countOrOff.optional(),
  maxRequests: countOrOff.optional(),
  requestRate: rate.optional(),
  retryAfterSeconds: z.int().min(0).max(86_400).optional(),
};

export const clusterSchema: z.ZodType = z.strictObject({ id: idField, ...clusterKeys });
export const clusterChangesSchema: z.ZodType = z.strictObject(clusterKeys).partial();

export const frontendSchema: z.ZodType = z
  .strictObject({
    listener: listenAddressField.optional(),
    hostname: hostnameField,
    path: textField,
    pathKind: z.enum(PATH_KINDS).optional(),
    method: fieldNameField.optional(),
    position: z.enum(POSITIONS).optional(),
    clusterId: idField.nullable(),
    tags: z.record(idField, textField).optional(),
  })
  .superRefine(({ path: text, pathKind }, context) => {
    const checked = frontendPathField(pathKind ?? 'prefix').safeParse(text);
    for (const { message } of checked.error?.issues ?? []) {
      context.addIssue({ code: 'custom', path: ['path'], message });
    }
  });

export const backendSchema: z.ZodType = z.strictObject({
  clusterId: idField,
  backendId: idField.optional(),
  address: backendAddressField,
  weight: weightField.optional(),
  backup: z.boolean().optional(),
  stickyId: idField.optional(),
  version: idField.optional(),
  requestFields: requestFieldsField.optional(),
  replacePath: wholePathField.optional(),
  reuseConnections: z.boolean().optional(),
  admin: z.enum(RESTING).optional(),
});

export const absolutePath: z.ZodString = z
  .string()
  .refine(path.isAbsolute, 'must be an absolute path');

const logTarget = z.union([z.literal('stdout'), z.strictObject({ file: absolutePath })]);
const settingsKeys = {
  maxConnections: countOrOff.optional(),
  evictOnFull: z.boolean().optional(),
  maxConnectionsPerIp: countOrOff.optional(),
  logLevel: z.enum(LOG_LEVELS).optional(),
  logTarget: logTarget.optional(),
  clusterMetrics: z.boolean().optional(),
  accessLog: z.strictObject({ target: logTarget, format: z.enum(['json', 'ascii']) }).optional(),
};

export const settingsSchema: z.ZodType = z.strictObject(settingsKeys);

export const resetListenerField: z.ZodType<string, string> = resetField(listenerKeys, true);
export const resetClusterField: z.ZodType<string, string> = resetField(clusterKeys, true);
export const resetSettingField: z.ZodType<string, string> = resetField(settingsKeys, false);

/** A key that may be absent, or one answer. */
function resetField(keys: z.ZodRawShape, answers: boolean): z.ZodType<string, string> {
  const optional = Object.keys(keys).filter(key => keys[key] instanceof z.ZodOptional);
  const known = answers ? [...optional, 'answers.503'] : optional;
  return z.string().superRefine((key, context) => {
    if (optional.includes(key) || (answers && /^answers\.[2-5]\d\d$/.test(key))) return;
    context.addIssue(`"${key}" has no default${suggest(key, known)}`);
  });
}
