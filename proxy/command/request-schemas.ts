/** The shape of every request, by kind. */
import * as z from 'zod';
import { suggest } from '../shared/nearest.ts';
import { EVENT_KINDS, type ProxyEventKind } from './events.ts';
import {
  backendAddressField,
  fieldNameField,
  hostnameField,
  idField,
  listenAddressField,
  textField,
  weightField,
} from './fields.ts';
import type { ChangeRequest, ProxyRequest } from './requests.ts';
import {
  absolutePath,
  backendSchema,
  clusterChangesSchema,
  clusterSchema,
  frontendSchema,
  listenerChangesSchema,
  listenerSchema,
  RESTING,
  resetClusterField,
  resetListenerField,
  resetSettingField,
  settingsSchema,
} from './schemas.ts';

function byAddress(kind: ProxyRequest['kind']): z.ZodType {
  return z.strictObject({ kind: z.literal(kind), address: listenAddressField });
}

const deadlineField = z.int().min(0).max(86_400_000).optional();

/** Of an event. */
export const eventKindField: z.ZodType<ProxyEventKind, string> = z
  .string()
  .transform((text, context) => {
    const kind = EVENT_KINDS.find(each => each === text);
    if (kind !== undefined) return kind;
    context.addIssue(`"${text.slice(0, 64)}" is no kind of event${suggest(text, EVENT_KINDS)}`);
    return z.NEVER;
  });

const setBackendAdmin = z.strictObject({
  kind: z.literal('set-backend-admin'),
  clusterId: idField,
  backendId: idField.optional(),
  address: backendAddressField,
  admin: z.enum(['ready', ...RESTING]),
});

/** By kind; what a transaction may hold. */
const changeSchemas = {
  configure: z.strictObject({ kind: z.literal('configure'), settings: settingsSchema }),
  'add-listener': z.strictObject({ kind: z.literal('add-listener'), listener: listenerSchema }),
  'update-listener': z.strictObject({
    kind: z.literal('update-listener'),
    listener: listenerSchema,
  }),
  'remove-listener': byAddress('remove-listener'),
  'activate-listener': byAddress('activate-listener'),
  'deactivate-listener': byAddress('deactivate-listener'),
  'patch-listener': z.strictObject({
    kind: z.literal('patch-listener'),
    address: listenAddressField,
    changes: listenerChangesSchema,
    reset: z.array(resetListenerField).optional(),
  }),
  'patch-cluster': z.strictObject({
    kind: z.literal('patch-cluster'),
    clusterId: idField,
    changes: clusterChangesSchema,
    reset: z.array(resetClusterField).optional(),
  }),
  'patch-settings': z.strictObject({
    kind: z.literal('patch-settings'),
    changes: settingsSchema,
    reset: z.array(resetSettingField).optional(),
  }),
  'add-cluster': z.strictObject({ kind: z.literal('add-cluster'), cluster: clusterSchema }),
  'keep-cluster': z.strictObject({
    kind: z.literal('keep-cluster'),
    clusterId: idField,
    stickySession: z.boolean().optional(),
  }),
  'remove-cluster': z.strictObject({ kind: z.literal('remove-cluster'), clusterId: idField }),
  'add-frontend': z.strictObject({ kind: z.literal('add-frontend'), frontend: frontendSchema }),
  'remove-frontend': z.strictObject({
    kind: z.literal('remove-frontend'),
    frontend: frontendSchema,
  }),
  'add-backend': z.strictObject({ kind: z.literal('add-backend'), backend: backendSchema }),
  'remove-backend': z.strictObject({
    kind: z.literal('remove-backend'),
    clusterId: idField,
    backendId: idField.optional(),
    address: backendAddressField,
  }),
  'set-weight': z.strictObject({
    kind: z.literal('set-weight'),
    clusterId: idField,
    backendId: idField.optional(),
    address: backendAddressField,
    weight: weightField,
  }),
  'set-backend-admin': setBackendAdmin,
} as const satisfies Record<ChangeRequest['kind'], z.ZodType>;

const changeKinds = Object.keys(changeSchemas) as (keyof typeof changeSchemas)[];

/** JSON holds values that cannot be made text: objects with a "toString" of their own, lists in lists in lists. */
function noChange(kind: unknown): string {
  if (typeof kind !== 'string') return `must be text such as "${changeKinds[0]}"`;
  const name = kind.slice(0, 64);
  return `"${name}" is no change${suggest(name, changeKinds)}`;
}

/** One request of a transaction; what is wrong with it stands under its own path. */
const changeField = z.unknown().transform((value, context) => {
  const { kind } = (value ?? {}) as { kind?: unknown };
  const known = changeKinds.find(each => each === kind);
  if (known === undefined) {
    context.addIssue(`kind: ${noChange(kind)}`);
    return z.NEVER;
  }
  const decoded = changeSchemas[known].safeParse(value);
  if (decoded.success) return decoded.data as ChangeRequest;
  for (const { message, path } of decoded.error.issues) {
    context.addIssue({ code: 'custom', message, path });
  }
  return z.NEVER;
});

/** The keys are all kinds there are. */
export const requestSchemas: Readonly<Record<ProxyRequest['kind'], z.ZodType>> = {
  ...changeSchemas,
  'set-backend-admin': setBackendAdmin
    .extend({
      deadlineMs: deadlineField,
      wait: z.boolean().optional(),
      whenHealthyMs: deadlineField,
    })
    .refine(({ admin, whenHealthyMs }) => admin === 'ready' || whenHealthyMs === undefined, {
      message: 'is for ready',
      path: ['whenHealthyMs'],
    })
    .refine(({ admin, deadlineMs }) => admin !== 'ready' || deadlineMs === undefined, {
      message: 'is for drain and maint',
      path: ['deadlineMs'],
    }),
  transaction: z.strictObject({
    kind: z.literal('transaction'),
    requests: z.array(changeField).min(1, 'holds nothing'),
  }),
  status: z.strictObject({ kind: z.literal('status') }),
  'list-backends': z.strictObject({
    kind: z.literal('list-backends'),
    clusterId: idField.optional(),
  }),
  'list-clusters': z.strictObject({
    kind: z.literal('list-clusters'),
    clusterId: idField.optional(),
    hostname: hostnameField.optional(),
  }),
  'list-frontends': z.strictObject({
    kind: z.literal('list-frontends'),
    listener: listenAddressField.optional(),
    hostname: hostnameField.optional(),
    clusterId: idField.optional(),
  }),
  'list-listeners': z.strictObject({ kind: z.literal('list-listeners') }),
  explain: z.strictObject({
    kind: z.literal('explain'),
    method: fieldNameField,
    url: textField,
    listener: listenAddressField.optional(),
    fields: z.array(z.tuple([fieldNameField, textField])).optional(),
  }),
  why: z.strictObject({ kind: z.literal('why'), requestId: z.string().min(1).max(256).optional() }),
  'show-metrics': z.strictObject({
    kind: z.literal('show-metrics'),
    perWorker: z.boolean().optional(),
  }),
  'clear-metrics': z.strictObject({ kind: z.literal('clear-metrics') }),
  reload: z.strictObject({
    kind: z.literal('reload'),
    file: absolutePath.optional(),
    prune: z.boolean().optional(),
  }),
  'load-state': z.strictObject({
    kind: z.literal('load-state'),
    file: absolutePath,
    prune: z.boolean().optional(),
  }),
  'save-state': z.strictObject({
    kind: z.literal('save-state'),
    file: absolutePath.optional(),
  }),
  'dump-state': z.strictObject({ kind: z.literal('dump-state') }),
  'count-requests': z.strictObject({ kind: z.literal('count-requests') }),
  'subscribe-events': z.strictObject({
    kind: z.literal('subscribe-events'),
    since: z.int().min(0).optional(),
    last: z.int().min(0).optional(),
    kinds: z.array(eventKindField).min(1, 'holds nothing').optional(),
    follow: z.boolean().optional(),
  }),
  'upgrade-worker': z.strictObject({
    kind: z.literal('upgrade-worker'),
    workerId: z.int().min(0),
    deadlineMs: deadlineField,
  }),
  'upgrade-workers': z.strictObject({
    kind: z.literal('upgrade-workers'),
    deadlineMs: deadlineField,
  }),
  'upgrade-main': z.strictObject({
    kind: z.literal('upgrade-main'),
    deadlineMs: deadlineField,
  }),
  'soft-stop': z.strictObject({ kind: z.literal('soft-stop'), deadlineMs: deadlineField }),
  'hard-stop': z.strictObject({ kind: z.literal('hard-stop') }),
};

export type RequestKind = ProxyRequest['kind'];
export const requestKinds: readonly RequestKind[] = Object.keys(requestSchemas) as RequestKind[];

/** Requests that can say what they would do without doing it. */
export function canDryRun(kind: RequestKind): boolean {
  const others: readonly RequestKind[] = ['transaction', 'reload', 'load-state'];
  return others.includes(kind) || changeKinds.some(each => each === kind);
}
