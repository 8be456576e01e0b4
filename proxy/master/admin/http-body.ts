/** Reads the body of a request, as far as it may be read. */
import type { IncomingMessage } from 'node:http';
import { MAX_FRAME_BYTES } from '../../command/frames.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { HttpRefusal } from './http-guards.ts';

export async function readJsonBody(request: IncomingMessage): Promise<Result<Buffer, HttpRefusal>> {
  const { 'content-type': type = '', 'content-length': length } = request.headers;
  if (!/^application\/json *(;|$)/i.test(type)) {
    return err({ status: 415, message: 'send JSON, with Content-Type: application/json' });
  }
  if (Number(length ?? 0) > MAX_FRAME_BYTES) return err(tooLarge());
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      const bytes = chunk as Buffer;
      size += bytes.length;
      if (size > MAX_FRAME_BYTES) return err(tooLarge());
      chunks.push(bytes);
    }
  } catch {
    return err({ status: 400, message: 'the body broke off' });
  }
  return ok(Buffer.concat(chunks));
}

function tooLarge(): HttpRefusal {
  return { status: 413, message: `the body is larger than ${MAX_FRAME_BYTES} bytes` };
}
