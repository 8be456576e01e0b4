/** What came over a worker's channel, checked as far as this process relies on it. */
import * as z from 'zod';
import type { WorkerMessage } from '../../command/worker-messages.ts';

const count = z.number();

const reply = { type: z.literal('reply'), seq: count };

/** Loose: contents are the worker's own affair, but what is read here must be there. */
const schema = z.discriminatedUnion('type', [
  z.discriminatedUnion('ok', [
    z.looseObject({ ...reply, ok: z.literal(true) }),
    z.looseObject({ ...reply, ok: z.literal(false), message: z.string() }),
  ]),
  z.looseObject({ type: z.literal('event'), event: z.looseObject({ kind: z.string() }) }),
  z.looseObject({ type: z.literal('crashed'), error: z.string() }),
  z.looseObject({ type: z.literal('client'), address: z.string(), kept: z.boolean() }),
  z.looseObject({
    type: z.literal('limit'),
    ask: z.discriminatedUnion('kind', [
      z.looseObject({ kind: z.literal('permit'), key: z.string(), limit: count }),
      z.looseObject({
        kind: z.literal('give-back'),
        key: z.string(),
        permits: count,
        recalled: z.boolean(),
      }),
      z.looseObject({
        kind: z.literal('token'),
        key: z.string(),
        perSecond: count,
        burst: count,
      }),
    ]),
  }),
]);

/** Undefined: it is no message of a worker. */
export function readWorkerMessage(received: unknown): WorkerMessage | undefined {
  return schema.safeParse(received).success ? (received as WorkerMessage) : undefined;
}
