/** Bytes from the command socket → request, or the reason why not. */
import { isUtf8 } from 'node:buffer';
import * as z from 'zod';
import { ProxyError } from '../shared/errors.ts';
import { suggest } from '../shared/nearest.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { type Actor, actorSchema } from './actor.ts';
import { isOf2017, translate2017 } from './decode-2017.ts';
import { requestKinds, requestSchemas } from './request-schemas.ts';
import type { ProxyRequest } from './requests.ts';

export interface Envelope {
  readonly id: string | number | null;
  /** Who asks, as they say. */
  readonly by?: Actor;
  /** Say what would happen, change nothing. */
  readonly dryRun: boolean;
  /** In the words of 2017, whose programs wait for a NUL. */
  readonly isOld: boolean;
  readonly request: Result<ProxyRequest, ProxyError>;
}

const idSchema = z.union([z.string().max(64), z.number()]);

/** The id is echoed whenever it can be read, so that even a wrong request gets its own reply. */
export function decodeEnvelope(frame: Buffer): Envelope {
  const value = parseJson(frame);
  if (!value.ok) return unread(value);
  const { id, by, dryRun = false, ...rest } = value.value;
  const known = idSchema.safeParse(id);
  if (id !== undefined && !known.success) {
    return unread(refuse('id: must be a number or at most 64 characters of text'));
  }
  const named = known.data ?? null;
  if (typeof dryRun !== 'boolean') return unread(refuse('dryRun: must be true or false'), named);
  const actor = actorSchema.optional().safeParse(by);
  if (!actor.success) return unread(refuse(`by: ${explain(actor.error)}`), named);
  const isOld = isOf2017(rest);
  const told = isOld ? translate2017(rest) : ok(rest);
  const request = told.ok ? decodeRequest(told.value) : told;
  const envelope = { id: named, dryRun, isOld, request };
  // JSON cannot hold undefined, so absent keys are absent.
  return by === undefined ? envelope : { ...envelope, by: actor.data as Actor };
}

function unread(request: Envelope['request'], id: Envelope['id'] = null): Envelope {
  return { id, dryRun: false, isOld: false, request };
}

export function decodeRequest(value: {
  readonly kind?: unknown;
  readonly [key: string]: unknown;
}): Envelope['request'] {
  const { kind } = value;
  if (typeof kind !== 'string') return refuse(`kind: must be text such as "${requestKinds[0]}"`);
  const found = requestKinds.find(each => each === kind);
  if (found === undefined) {
    return refuse(
      `there is no request "${kind.slice(0, 64)}"${suggest(kind.slice(0, 64), requestKinds)}`,
    );
  }
  const decoded = requestSchemas[found].safeParse(value);
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
