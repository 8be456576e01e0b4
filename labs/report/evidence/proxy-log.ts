/** The proxy's access log of a run, by request id: why a backend was chosen, what failed before it. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import * as z from 'zod';

export interface TriedBackend {
  readonly backend: string;
  readonly address: string;
  readonly outcome: string;
  readonly status: number | null;
  readonly duration_ms: number;
}

/** The keys that a report uses; docs/configuration.md, "Access log", has them all. */
export interface ProxyLine {
  readonly request_id: string;
  readonly worker: number;
  readonly backend: string | null;
  readonly attempts: number;
  readonly tries: readonly TriedBackend[] | null;
  readonly chosen_by: string | null;
  readonly chosen_among: number | null;
  readonly duration_ms: number;
  readonly connect_ms: number | null;
  readonly first_byte_ms: number | null;
  readonly backend_reused: boolean;
  readonly own_answer: boolean;
  readonly message: string | null;
}

const tried: z.ZodType<TriedBackend> = z.object({
  backend: z.string(),
  address: z.string(),
  outcome: z.string(),
  status: z.number().nullable(),
  duration_ms: z.number(),
});

const line: z.ZodType<ProxyLine> = z.object({
  request_id: z.string(),
  worker: z.number(),
  backend: z.string().nullable(),
  attempts: z.number(),
  tries: z.array(tried).nullable(),
  chosen_by: z.string().nullable(),
  chosen_among: z.number().nullable(),
  duration_ms: z.number(),
  connect_ms: z.number().nullable(),
  first_byte_ms: z.number().nullable(),
  backend_reused: z.boolean(),
  own_answer: z.boolean(),
  message: z.string().nullable(),
});

export type ProxyLog = ReadonlyMap<string, ProxyLine>;

/** undefined for what is no line of the access log; the last one may have been cut. */
export function parseProxyLine(text: string): ProxyLine | undefined {
  try {
    return line.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Lines with these request ids; a run whose proxy kept no log has none. */
export async function readProxyLog(file: string, wanted: ReadonlySet<string>): Promise<ProxyLog> {
  const found = new Map<string, ProxyLine>();
  const input = createReadStream(file, 'utf8');
  const missing = new Promise<void>(resolve => input.once('error', () => resolve()));
  const reading = (async () => {
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      const parsed = parseProxyLine(text);
      if (parsed !== undefined && wanted.has(parsed.request_id)) {
        found.set(parsed.request_id, parsed);
      }
    }
  })();
  await Promise.race([reading, missing]);
  return found;
}
