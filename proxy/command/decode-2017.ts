/**
 * Messages as they were in 2017, the time of the first tutorials, → the value that says the same
 * today. It is then checked like any other.
 *
 *     { "id": "ID-1", "version": 0, "type": "PROXY", "data": { "type": "ADD_INSTANCE",
 *       "data": { "app_id": "webapp", "ip_address": "192.168.1.21", "port": 8080 } } }
 *
 *     { "kind": "add-backend", "backend": { "clusterId": "webapp", "address": "192.168.1.21:8080" } }
 *
 * `type` of the message is in `commands`, that of a PROXY message's data is in `orders-2017.ts`.
 */
import path from 'node:path';
import * as z from 'zod';
import { ProxyError } from '../shared/errors.ts';
import { suggest } from '../shared/nearest.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { orders, type Translated } from './orders-2017.ts';

type Message = Readonly<Record<string, unknown>>;

/** What an old worker still has in hand then is cut; a tunnel may live for ever. */
const UPGRADE_DEADLINE_MS = 60_000;

/** Relative to where the main process was started, as it was then. */
const fileData = z.object({
  path: z
    .string()
    .min(1)
    .transform(text => path.resolve(text)),
});

const commands: Readonly<Record<string, (data: unknown) => Translated>> = {
  PROXY: translateOrder,
  SAVE_STATE: data => ({ kind: 'save-state', file: fileData.parse(data).path }),
  LOAD_STATE: data => ({ kind: 'load-state', file: fileData.parse(data).path }),
  DUMP_STATE: () => ({ kind: 'dump-state' }),
  LIST_WORKERS: () => ({ kind: 'status' }),
  METRICS: () => ({ kind: 'show-metrics' }),
  UPGRADE_MASTER: () => ({ kind: 'upgrade-main', deadlineMs: UPGRADE_DEADLINE_MS }),
  UPGRADE_MAIN: () => ({ kind: 'upgrade-main', deadlineMs: UPGRADE_DEADLINE_MS }),
  UPGRADE_WORKER: data => ({
    kind: 'upgrade-worker',
    workerId: z.int().parse(data),
    deadlineMs: UPGRADE_DEADLINE_MS,
  }),
  LAUNCH_WORKER: () => 'there are as many workers as worker_count of the config file says',
};

/** Every message of that time has its number, and none of today has a `type`. */
export function isOf2017(message: Message): boolean {
  return !('kind' in message) && 'type' in message;
}

/** `message` without its id. */
export function translate2017(message: Message): Result<Message, ProxyError> {
  const { type, version, data, proxy_id: workerId } = message;
  if (version !== 0) return refuse(`version: the only one is 0${butNot(version)}`);
  if (typeof type !== 'string') return refuse('type: must be text such as "PROXY"');
  if (workerId !== undefined && workerId !== null) {
    return refuse('proxy_id: a request is for all workers; leave it out');
  }
  try {
    const translated = look(commands, type, 'message')(data);
    return typeof translated === 'string' ? refuse(`${type}: ${translated}`) : ok(translated);
  } catch (error) {
    if (error instanceof ProxyError) return err(error);
    if (!(error instanceof z.ZodError)) throw error;
    const [issue] = error.issues;
    return refuse(`${['data', ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? 'is wrong'}`);
  }
}

/** Text of any length, and lists in lists without end, are not repeated. */
function butNot(version: unknown): string {
  return typeof version === 'number' ? `, not ${version}` : '';
}

const order = z.object({ type: z.string(), data: z.unknown().optional() });

function translateOrder(value: unknown): Translated {
  const { type, data } = order.parse(value);
  const translated = look(orders, type, 'order')(data);
  return typeof translated === 'string' ? `${type}: ${translated}` : translated;
}

function look<T>(table: Readonly<Record<string, T>>, type: string, what: string): T {
  const found = Object.hasOwn(table, type) ? table[type] : undefined;
  if (found !== undefined) return found;
  const name = type.slice(0, 64);
  const near = suggest(name, Object.keys(table));
  throw new ProxyError('PROXY_REQUEST_INVALID', `there is no ${what} "${name}"${near}`);
}

function refuse(message: string): Result<never, ProxyError> {
  return err(new ProxyError('PROXY_REQUEST_INVALID', message));
}
