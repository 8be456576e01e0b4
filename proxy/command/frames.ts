/** Cuts a byte stream into messages: one per line, or one per NUL as the 2017 tools wrote them. */
import { ProxyError } from '../shared/errors.ts';
import { err, ok, type Result } from '../shared/result.ts';

/** Room for an answer page in a request; far below what would hurt. */
export const MAX_FRAME_BYTES: number = 1024 * 1024;

export class FrameSplitter {
  readonly #limit: number;
  #parts: Buffer[] = [];
  #size = 0;

  constructor(limit: number = MAX_FRAME_BYTES) {
    this.#limit = limit;
  }

  /** True between the first byte of a message and its end. */
  get isPartial(): boolean {
    return this.#size > 0;
  }

  /** Empty messages are skipped. After an error the stream has no meaning any more: close it. */
  push(chunk: Buffer): Result<Buffer[], ProxyError> {
    const frames: Buffer[] = [];
    let start = 0;
    for (let index = 0; index < chunk.length; index += 1) {
      if (chunk[index] !== 0x0a && chunk[index] !== 0) continue;
      if (!this.#keep(chunk.subarray(start, index))) return err(tooLarge(this.#limit));
      if (this.#size > 0) frames.push(Buffer.concat(this.#parts));
      this.#parts = [];
      this.#size = 0;
      start = index + 1;
    }
    if (!this.#keep(chunk.subarray(start))) return err(tooLarge(this.#limit));
    return ok(frames);
  }

  #keep(part: Buffer): boolean {
    if (part.length === 0) return true;
    this.#size += part.length;
    this.#parts.push(part);
    return this.#size <= this.#limit;
  }
}

export function encodeFrame(message: unknown): string {
  return `${JSON.stringify(message)}\n`;
}

/** Ends for both who read lines and who, as in 2017, wait for a NUL. */
export function encodeOldFrame(message: unknown): string {
  return `${encodeFrame(message)}\0`;
}

function tooLarge(limit: number): ProxyError {
  return new ProxyError('PROXY_REQUEST_INVALID', `a message is larger than ${limit} bytes`);
}
