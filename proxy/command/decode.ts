/** Bytes from the command socket → request, or the reason why not. */
import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import { ProxyError } from '../shared/errors.ts';
import { suggest } from '../shared/nearest.ts';
import { err, ok, type Result } from '../shared/result.ts';
import {
  backendAddressField,
  fieldNameField,
  idField,
  listenAddressField,
  textField,
  weightField,
} from './fields.ts';
import type { ProxyRequest } from './requests.ts';
import {
  backendSchema,
  clusterSchema,
  frontendSchema,
  listenerChangesSchema,
  listenerSchema,
  resetField,
  settingsSchema,
} from './schemas.ts';

export interface Envelope {
  readonly id: string | number | null;
  readonly request: Result<ProxyRequest, ProxyError>;
}

function byAddress(kind: ProxyRequest['kind']): z.ZodType {
  return z.strictObject({ kind: z.literal(kind), address: listenAddressField });
}

/** By kind; the keys are all kinds there are. */
const schemas = {
  configure: z.strictObject({ kind: z.literal('configure'), settings: settingsSchema }),
  'add-listener': z.strictObject({ kind: z.literal('add-listener'), listener: listenerSchema }),
  'update-listener': z.strictObject({
    kind: z.literal('update-listener'),
    listener: listenerSchema,
  }),
  'remove-listener': byAddress('remove-listener'),
  'activate-listener': byAddress('activate-listener'),
  'deactivate-listener': byAddress('deactivate-listener'),
  'add-cluster': z.strictObject({ kind: z.literal('add-cluster'), cluster: clusterSchema }),
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
  'patch-listener': z.strictObject({
    kind: z.literal('patch-listener'),
    address: listenAddressField,
    changes: listenerChangesSchema,
    reset: z.array(resetField).optional(),
  }),
  status: z.strictObject({ kind: z.literal('status') }),
  'list-backends': z.strictObject({
    kind: z.literal('list-backends'),
    clusterId: idField.optional(),
  }),
  'list-clusters': z.strictObject({ kind: z.literal('list-clusters') }),
  explain: z.strictObject({
    kind: z.literal('explain'),
    method: fieldNameField,
    url: textField,
    listener: listenAddressField.optional(),
    fields: z.array(z.tuple([fieldNameField, textField])).optional(),
  }),
  why: z.strictObject({ kind: z.literal('why'), requestId: z.string().min(1).max(256).optional() }),
  'show-metrics': z.strictObject({ kind: z.literal('show-metrics') }),
  'dump-state': z.strictObject({ kind: z.literal('dump-state') }),
  'subscribe-events': z.strictObject({ kind: z.literal('subscribe-events') }),
  'soft-stop': z.strictObject({ kind: z.literal('soft-stop') }),
  'hard-stop': z.strictObject({ kind: z.literal('hard-stop') }),
} as const satisfies Record<ProxyRequest['kind'], z.ZodType>;

const kinds = Object.keys(schemas) as (keyof typeof schemas)[];
const idSchema = z.union([z.string().max(64), z.number()]);

/** The id is echoed whenever it can be read, so that even a wrong request gets its own reply. */
export function decodeEnvelope(frame: Buffer): Envelope {
  const value = parseJson(frame);
  if (!value.ok) return { id: null, request: value };
  const { id, ...rest } = value.value;
  const known = idSchema.safeParse(id);
  if (id !== undefined && !known.success) {
    return { id: null, request: refuse('id: must be a number or at most 64 characters of text') };
  }
  return { id: known.data ?? null, request: decodeRequest(rest) };
}

export function decodeRequest(value: {
  readonly kind?: unknown;
  readonly [key: string]: unknown;
}): Envelope['request'] {
  const { kind } = value;
  if (typeof kind !== 'string') return refuse(`kind: must be text such as "${kinds[0]}"`);
  const found = kinds.find(each => each === kind);
  if (found === undefined) {
    return refuse(`there is no request "${kind.slice(0, 64)}"${suggest(kind.slice(0, 64), kinds)}`);
  }
  const decoded = schemas[found].safeParse(value);
  if (!decoded.success) return refuse(explain(decoded.error));
  // zod writes an absent optional key as `string | undefined`; JSON cannot hold undefined.
  return ok(decoded.data as ProxyRequest);
}

function parseJson(frame: Buffer): Result<Record<string, unknown>, ProxyError> {
  if (!isUtf8(frame)) return refuse('the message is not UTF-8');
  let value: unknown;
  try {
    value = JSON.parse(frame.toString());
  } catch {
    return refuse(`the message is not JSON: ${JSON.stringify(frame.toString().slice(0, 60))}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse('the message is not a JSON object');
  }
  return ok({ ...value });
}

function explain(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map(issue => [issue.path.join('.'), issue.message].filter(part => part !== '').join(': '))
    .join('; ');
}

function refuse(message: string): Result<never, ProxyError> {
  return err(new ProxyError('PROXY_REQUEST_INVALID', message));
}
